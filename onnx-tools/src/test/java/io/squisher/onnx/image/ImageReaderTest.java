package io.squisher.onnx.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.ElementType;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageReaderTest {
    private static final int FLOAT = 1;
    private static final float NEAR = 1e-5f;

    @TempDir
    Path folder;

    private static OnnxFile taking(long... dims) {
        return new OnnxFile(
                Path.of("m.onnx"),
                new ModelBuilder()
                        .nodes(List.of(new Node("y", "Identity", "", List.of("x"), List.of("y"), Attributes.NONE)))
                        .inputs(List.of(ModelBuilder.input("x", FLOAT, dims)))
                        .output("y")
                        .build());
    }

    private static ImageChoice choice(ImageFit fit, ImageScale scale) {
        return new ImageChoice(
                OptionalInt.empty(),
                fit,
                Optional.of(scale),
                "labels",
                ImageChoice.usual().likelihood(),
                OptionalLong.empty());
    }

    /** 5 by 4 pixels of grey: (7 x + 13 y) mod 50. */
    private Path grey(String name) throws IOException {
        BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 5; x++) {
                image.getRaster().setSample(x, y, 0, (7 * x + 13 * y) % 50);
            }
        }
        return write(image, name);
    }

    private Path colour(int rgb, String name) throws IOException {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 6; i++) {
            image.setRGB(i % 3, i / 3, rgb);
        }
        return write(image, name);
    }

    private Path write(BufferedImage image, String name) throws IOException {
        File file = folder.resolve(name).toFile();
        Files.createDirectories(file.toPath().getParent());
        assertTrue(ImageIO.write(image, "png", file));
        return file.toPath();
    }

    private float[] values(OnnxFile model, ImageChoice choice) {
        return ImageReader.of(model, choice).read(folder).arrays().get("x").toFloats();
    }

    /** The expected numbers are those of Pillow's resize with BILINEAR, in float mode. */
    @Test
    void resizingIsPillows() throws IOException {
        grey("0/a.png");
        assertArrayEquals(
                new float[] {12.285714f, 23.285715f, 30.204082f, 32.714287f, 27.047619f, 21.040817f},
                values(taking(-1, 1, 2, 3), choice(ImageFit.STRETCH, ImageScale.BYTES)),
                NEAR * 30);
        float[] larger = values(taking(-1, 1, 6, 7), choice(ImageFit.STRETCH, ImageScale.BYTES));
        assertArrayEquals(
                new float[] {15.166667f, 19.166666f, 24.166666f, 29.166666f, 34.166668f, 35.595238f, 34.833332f},
                java.util.Arrays.copyOfRange(larger, 14, 21),
                NEAR * 30);
    }

    /** The middle 4 by 4 pixels, as Pillow's box (0.5, 0, 4.5, 4). */
    @Test
    void croppingTakesTheMiddle() throws IOException {
        grey("0/a.png");
        assertArrayEquals(
                new float[] {8.1f, 17.9f, 27.7f, 23.7f, 33.5f, 33.3f, 39.3f, 19.933332f, 17.9f},
                values(taking(-1, 1, 3, 3), choice(ImageFit.CROP, ImageScale.BYTES)),
                NEAR * 30);
    }

    @Test
    void valuesAreNormalisedByChannel() throws IOException {
        colour(0xFF8000, "0/a.png");
        assertArrayEquals(
                new float[] {(1 - 0.485f) / 0.229f, (128 / 255f - 0.456f) / 0.224f, -0.406f / 0.225f},
                values(taking(-1, 3, 1, 1), choice(ImageFit.CROP, ImageScale.IMAGENET)),
                NEAR);
        assertArrayEquals(
                new float[] {1, 128 / 255f, 0, 1, 128 / 255f, 0},
                values(taking(-1, 2, 1, 3), choice(ImageFit.CROP, ImageScale.UNIT)),
                NEAR);
        assertArrayEquals(
                new float[] {(0.299f * 255 + 0.587f * 128) / 255 * 2 - 1},
                values(taking(-1, 1, 1, 1), choice(ImageFit.CROP, ImageScale.SYMMETRIC)),
                NEAR);
    }

    @Test
    void foldersAreClassesInTheOrderOfTheirNames() throws IOException {
        colour(0x000000, "dog/2.png");
        colour(0xFFFFFF, "cat/1.png");
        colour(0xFFFFFF, "cat/3.PNG");
        Files.writeString(folder.resolve("cat/notes.txt"), "no picture");
        ImageReader reader = ImageReader.of(taking(-1, 1, 2, 3), choice(ImageFit.CROP, ImageScale.UNIT));
        Examples read = reader.readNew(folder);
        assertEquals(
                List.of("cat", "dog"), reader.classes().map(ClassNames::names).orElseThrow());
        assertArrayEquals(new long[] {0, 0, 1}, read.arrays().get("labels").toLongs());
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 0, 0},
                read.batch("x", 2, 1, ElementType.F32).toFloats(),
                NEAR);
        assertEquals(folder.resolve("dog/2.png").toString(), read.place(2).file());
    }

    @Test
    void aListNamesPathsFromItsFolder() throws IOException {
        colour(0x000000, "some/a, b.png");
        colour(0xFFFFFF, "c.png");
        Path list = Files.writeString(folder.resolve("list.csv"), "path,label\nsome/a, b.png,1\nc.png,0\n");
        Examples read = ImageReader.of(taking(-1, 1, 1, 1), choice(ImageFit.CROP, ImageScale.UNIT))
                .read(list);
        assertArrayEquals(new long[] {1, 0}, read.arrays().get("labels").toLongs());
        assertArrayEquals(new float[] {0, 1}, read.arrays().get("x").toFloats(), NEAR);
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        Path bad = folder.resolve("0/a.png");
        Files.createDirectories(bad.getParent());
        Files.writeString(bad, "no picture");
        OnnxFile model = taking(-1, 1, 1, 1);
        ImageChoice choice = choice(ImageFit.CROP, ImageScale.UNIT);
        assertRefused(() -> values(model, choice), "cannot read '.*a.png': not a PNG or JPEG picture \\(.*\\)");
        Path sound = grey("b.png");
        byte[] bytes = Files.readAllBytes(sound);
        Files.write(bad, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(() -> values(model, choice), "cannot read '.*a.png': bad PNG or JPEG picture \\(.*\\)");
        Files.delete(bad);
        assertRefused(() -> values(model, choice), "the class '0' is empty: the folder '.*' holds no file");
        Path list = Files.writeString(folder.resolve("list.csv"), "none.png,0\n");
        assertRefused(
                () -> ImageReader.of(model, choice).read(list).arrays().get("x").toFloats(),
                "cannot read '.*none.png': no such file");
        Files.writeString(list, "a.png\n");
        assertRefused(() -> ImageReader.of(model, choice).read(list), "line 1 is no path,label");
        Files.delete(bad.getParent());
        assertRefused(() -> values(model, choice), "it holds no folders of pictures, one for each class");
    }

    @Test
    void modelsThatTakeNoPicturesAreRefused() {
        ImageChoice usual = ImageChoice.usual();
        assertRefused(() -> ImageReader.of(taking(-1, 10), usual), "the input 'x' of 'm.onnx' takes no pictures");
        assertRefused(() -> ImageReader.of(taking(-1, 3, -1, -1), usual), "say with --image-size");
        ImageChoice sized = new ImageChoice(
                OptionalInt.of(20), ImageFit.CROP, Optional.empty(), "y", usual.likelihood(), OptionalLong.empty());
        assertRefused(() -> ImageReader.of(taking(-1, 3, 24, 24), sized), "takes pictures of 24 pixels, not of 20");
    }

    /** Something that may not end well. */
    private interface Attempt {
        void run() throws IOException;
    }

    private static void assertRefused(Attempt attempt, String message) {
        SquisherException refused = assertThrows(SquisherException.class, attempt::run);
        assertTrue(refused.getMessage().matches(".*" + message + ".*"), refused.getMessage());
    }
}
