package io.squisher.tf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.types.TFloat32;

/** 1,797 handwritten digits of 8×8 pixels, scaled to 0…1, with one-hot labels. */
public final class Digits {
    public static final int PIXELS = 64;
    public static final int CLASSES = 10;

    private final float[][] images;
    private final float[][] labels;

    private Digits(List<String> rows) {
        images = new float[rows.size()][PIXELS];
        labels = new float[rows.size()][CLASSES];
        for (int n = 0; n < images.length; n++) {
            String[] cells = rows.get(n).split(",");
            for (int i = 0; i < PIXELS; i++) {
                images[n][i] = Float.parseFloat(cells[i]) / 16;
            }
            labels[n][Integer.parseInt(cells[PIXELS])] = 1;
        }
    }

    public static Digits load() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Digits.class.getResourceAsStream("digits.csv.gz")), StandardCharsets.UTF_8))) {
            return new Digits(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int size() {
        return images.length;
    }

    /** A batch of {@code size} examples drawn by {@code random}. */
    public Batch batch(int size, Random random) {
        float[][] x = new float[size][];
        float[][] y = new float[size][];
        for (int i = 0; i < size; i++) {
            int n = random.nextInt(images.length);
            x[i] = images[n];
            y[i] = labels[n];
        }
        return new Batch(x, y);
    }

    /** Examples: pixels {@code [B][64]} and one-hot labels {@code [B][10]}. */
    public record Batch(float[][] images, float[][] labels) {
        public TFloat32 imageTensor() {
            return TFloat32.tensorOf(StdArrays.ndCopyOf(images));
        }

        public TFloat32 labelTensor() {
            return TFloat32.tensorOf(StdArrays.ndCopyOf(labels));
        }
    }
}
