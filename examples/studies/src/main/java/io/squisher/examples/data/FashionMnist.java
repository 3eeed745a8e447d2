package io.squisher.examples.data;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017, MIT licence): 60,000 images of 28 × 28 pixels to train on and 10,000 to test
 * on, in ten classes. Any data set of the same four files will do.
 *
 * @param training as the authors divided them
 * @param test as the authors divided them
 */
public record FashionMnist(LabelledImages training, LabelledImages test) {
    public static final int CLASSES = 10;

    /** Where Debian's package {@code dataset-fashion-mnist} puts the files. */
    public static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");

    static final List<String> PARTS = List.of("train", "t10k");

    /** The files of a part: images, then labels. */
    static List<String> files(String part) {
        return List.of(part + "-images-idx3-ubyte", part + "-labels-idx1-ubyte");
    }

    /**
     * Reads the four IDX files of a folder, with or without {@code .gz} in their names.
     *
     * @throws FormatException if one is missing, damaged, or does not fit the others
     */
    public static FashionMnist read(Path folder) {
        return new FashionMnist(part(folder, "train"), part(folder, "t10k"));
    }

    private static LabelledImages part(Path folder, String part) {
        List<String> names = files(part);
        Path imageFile = find(folder, names.get(0));
        Path labelFile = find(folder, names.get(1));
        IdxFile images = IdxFile.read(imageFile, 3);
        IdxFile labels = IdxFile.read(labelFile, 1);
        if (images.dims()[0] != labels.dims()[0]) {
            throw FormatException.bad(
                    labelFile,
                    "IDX file",
                    labels.dims()[0] + " labels for the " + images.dims()[0] + " images of '" + imageFile + "'");
        }
        if (images.dims()[1] != images.dims()[2]) {
            throw FormatException.unsupported(
                    imageFile, "IDX file", "images of " + images.dims()[1] + " × " + images.dims()[2] + " pixels");
        }
        int[] classes = labels.labels();
        for (int n = 0; n < classes.length; n++) {
            if (classes[n] >= CLASSES) {
                throw FormatException.bad(
                        labelFile, "IDX file", "label " + classes[n] + " of image " + n + ", expected 0 to 9");
            }
        }
        return new LabelledImages(images.images(), classes);
    }

    private static Path find(Path folder, String name) {
        Path compressed = folder.resolve(name + ".gz");
        Path plain = folder.resolve(name);
        if (Files.exists(plain)) {
            return plain;
        }
        if (Files.exists(compressed)) {
            return compressed;
        }
        throw new SquisherException("no '" + name + "' or '" + name + ".gz' in '" + folder
                + "'; give the folder of the four IDX files with --data, install Debian's package"
                + " dataset-fashion-mnist, or let --download fetch them");
    }
}
