package io.squisher.examples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** 1,797 handwritten digits of 8×8 pixels, embedded (UCI Optical Recognition of Handwritten Digits, CC BY 4.0). */
public final class Digits {
    public static final int PIXELS = 64;
    public static final int CLASSES = 10;

    /** Pixels are stored as 0 to 16. */
    private static final float BRIGHTEST = 16;

    private Digits() {}

    /** All images, in the order of the original file. */
    public static LabelledImages load() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Digits.class.getResourceAsStream("digits.csv.gz")), StandardCharsets.US_ASCII))) {
            return parse(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LabelledImages parse(List<String> rows) {
        float[][] images = new float[rows.size()][PIXELS];
        int[] labels = new int[rows.size()];
        for (int n = 0; n < labels.length; n++) {
            String[] cells = rows.get(n).split(",");
            for (int i = 0; i < PIXELS; i++) {
                images[n][i] = Float.parseFloat(cells[i]) / BRIGHTEST;
            }
            labels[n] = Integer.parseInt(cells[PIXELS]);
        }
        return new LabelledImages(images, labels);
    }
}
