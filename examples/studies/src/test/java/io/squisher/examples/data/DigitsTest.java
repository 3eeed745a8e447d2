package io.squisher.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DigitsTest {
    private static final LabelledImages DIGITS = Digits.load();

    @Test
    void holdsAllImagesOfTheOriginalFile() {
        assertEquals(1797, DIGITS.size());
        assertEquals(64, DIGITS.pixels());
        // The counts of the data set's own description.
        int[] counts = new int[Digits.CLASSES];
        Arrays.stream(DIGITS.labels()).forEach(label -> counts[label]++);
        assertEquals("[178, 182, 177, 183, 181, 182, 181, 179, 174, 180]", Arrays.toString(counts));
    }

    @Test
    void scalesPixelsToOne() {
        // The first row begins 0,0,5,13,9,1 and ends with the label 0.
        assertEquals(5 / 16f, DIGITS.images()[0][2]);
        assertEquals(13 / 16f, DIGITS.images()[0][3]);
        assertEquals(0, DIGITS.labels()[0]);
        for (float[] image : DIGITS.images()) {
            for (float pixel : image) {
                assertTrue(pixel >= 0 && pixel <= 1);
            }
        }
    }
}
