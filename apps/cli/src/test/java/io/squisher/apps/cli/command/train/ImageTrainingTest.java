package io.squisher.apps.cli.command.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.fisher.FisherFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From folders of pictures to a tuned network, its scores and its Fisher. */
class ImageTrainingTest {
    private static final int SIDE = 20;

    @TempDir
    Path folder;

    private Path model;
    private Path training;
    private Path test;
    private Path tuned;

    /** Bright above or bright below. */
    @BeforeEach
    void write() throws IOException {
        model = Fixtures.path("lenet_cnn/model.onnx");
        training = folder.resolve("training");
        test = folder.resolve("test");
        tuned = folder.resolve("tuned.onnx");
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            picture(random, true, training.resolve("above/" + i + ".png"));
            picture(random, false, training.resolve("below/" + i + ".png"));
        }
        picture(random, true, test.resolve("above/0.png"));
        picture(random, false, test.resolve("below/1.png"));
        picture(random, false, test.resolve("below/2.png"));
    }

    private static void picture(Random random, boolean above, Path file) throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                int value = random.nextInt(100) + (above == y < SIDE / 2 ? 150 : 0);
                image.setRGB(x, y, value << 16 | value << 8 | value);
            }
        }
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    private Run train(Object head) {
        return Run.of(
                "train",
                model,
                "--images",
                training,
                "--validation-images",
                test,
                "--head",
                head,
                "--learning-rate",
                "0.01",
                "--batch-size",
                8,
                "--epochs",
                4,
                "-o",
                tuned);
    }

    @Test
    void foldersOfPicturesTuneAndScoreANetwork() {
        Run run = train(2);
        assertEquals(0, run.exitCode(), run.err());
        JsonObject scores = JsonParser.parseString(
                        Run.of("evaluate", tuned, "--images", test, "--json").out())
                .getAsJsonObject();
        assertEquals(1, scores.get("accuracy").getAsDouble(), scores.toString());
        assertEquals(3, scores.get("examples").getAsLong());
        assertEquals(
                "below",
                scores.getAsJsonArray("classes")
                        .get(1)
                        .getAsJsonObject()
                        .get("class")
                        .getAsString());
        Path fisher = folder.resolve("fisher.safetensors");
        Run estimated = Run.of("fisher", tuned, "--images", training, "--limit", 10, "-o", fisher);
        assertEquals(0, estimated.exitCode(), estimated.err());
        try (FisherFile file = FisherFile.open(fisher)) {
            assertEquals(10, file.diagonal().provenance().getExampleCount());
        }
    }

    @Test
    void anEmptyClassAndAHeadTooSmallAreOneLine() throws IOException {
        Files.createDirectory(training.resolve("beside"));
        assertRefused(train(2), "the class 'beside' is empty");
        picture(new Random(1), true, training.resolve("beside/0.png"));
        assertRefused(train(2), "has labels of 3 classes [above, below, beside], and --head has 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--images I --data D|--images does not go with --data",
                "--data D --image-size 9|--image-size goes with --images, not with --data",
                "--images I --tokenizer D|--tokenizer goes with --text, not with --images",
                "--images I --validation D|--validation goes with --data, not with --images",
                "--images I --image-fit none|--image-fit takes one of crop, stretch",
            })
    void optionsThatMeanNothingAreWrongUsage(String words, String message) {
        String line = "train M " + words + " -o O";
        Run run = Run.of(java.util.Arrays.stream(line.split(" "))
                .map(word -> switch (word) {
                    case "M" -> model;
                    case "I" -> training;
                    case "D" -> Fixtures.path("lenet_cnn/data.npz");
                    case "O" -> tuned;
                    default -> word;
                })
                .toArray());
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }

    private static void assertRefused(Run run, String message) {
        assertEquals(1, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }
}
