package io.squisher.templates.task2vec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Handwritten digits of 8×8 pixels and what they show (UCI Optical Recognition of Handwritten Digits, E. Alpaydin and C.
 * Kaynak 1998, CC BY 4.0).
 *
 * @param images {@code [N][PIXELS]}, each pixel 0 to 1
 * @param labels {@code [N]}, 0 to 9
 */
record Digits(float[][] images, int[] labels) {
    static final int PIXELS = 64;
    static final int CLASSES = 10;
    static final Set<Integer> ALL = Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

    /** Pixels are stored as 0 to 16. */
    private static final float BRIGHTEST = 16;

    /** All 1,797 images. */
    static Digits load() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Digits.class.getResourceAsStream("/digits.csv.gz")), StandardCharsets.US_ASCII))) {
            List<String[]> rows = reader.lines().map(row -> row.split(",")).toList();
            float[][] images = new float[rows.size()][PIXELS];
            for (int n = 0; n < images.length; n++) {
                for (int i = 0; i < PIXELS; i++) {
                    images[n][i] = Float.parseFloat(rows.get(n)[i]) / BRIGHTEST;
                }
            }
            return new Digits(
                    images,
                    rows.stream().mapToInt(row -> Integer.parseInt(row[PIXELS])).toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int size() {
        return labels.length;
    }

    /** Three fifths of the images, to train on. */
    Digits training() {
        return at(Arrays.copyOf(order(size(), new Random(1)), size() - 2 * (size() / 5)));
    }

    /** Another fifth of the images, to report on. */
    Digits test() {
        return at(Arrays.copyOfRange(order(size(), new Random(1)), size() - size() / 5, size()));
    }

    /** The images whose label is accepted. */
    Digits withLabels(IntPredicate wanted) {
        return at(IntStream.range(0, size()).filter(i -> wanted.test(labels[i])).toArray());
    }

    /** The same labels with other images. */
    Digits mapped(UnaryOperator<float[]> change) {
        return new Digits(Arrays.stream(images).map(change).toArray(float[][]::new), labels);
    }

    /** All pixels one after the other: {@code [N · PIXELS]}. */
    float[] flat() {
        float[] flat = new float[size() * PIXELS];
        for (int n = 0; n < size(); n++) {
            System.arraycopy(images[n], 0, flat, n * PIXELS, PIXELS);
        }
        return flat;
    }

    /** Labels as rows with a single 1: {@code [N · CLASSES]}. */
    float[] oneHot() {
        float[] rows = new float[size() * CLASSES];
        for (int n = 0; n < size(); n++) {
            rows[n * CLASSES + labels[n]] = 1;
        }
        return rows;
    }

    /** Minibatches without end: every epoch in a new order, what is left of it at its end dropped. */
    Batches batches(int size, long seed) {
        return new Batches(this, Math.min(size, size()), new Random(seed));
    }

    private Digits at(int... positions) {
        return new Digits(
                IntStream.of(positions).mapToObj(i -> images[i]).toArray(float[][]::new),
                IntStream.of(positions).map(i -> labels[i]).toArray());
    }

    /** The numbers below {@code count} in a random order (Fisher and Yates). */
    private static int[] order(int count, Random random) {
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    /** Hands out one batch after the other. */
    static final class Batches {
        private final Digits digits;
        private final int size;
        private final Random random;
        private int[] order = {};
        private int position;

        private Batches(Digits digits, int size, Random random) {
            this.digits = digits;
            this.size = size;
            this.random = random;
        }

        Digits next() {
            if (position + size > order.length) {
                order = order(digits.size(), random);
                position = 0;
            }
            position += size;
            return digits.at(Arrays.copyOfRange(order, position - size, position));
        }
    }
}
