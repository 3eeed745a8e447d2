package io.squisher.report.sensitivity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogHistogramTest {
    /** A bin is a sixteenth of an octave wide. */
    private static final double BIN = 1.0 / 16;

    @Test
    void countsAndSums() {
        LogHistogram histogram = new LogHistogram();
        for (double value : new double[] {0, 0, 1, 2, 4}) {
            histogram.add(value);
        }
        assertEquals(5, histogram.count());
        assertEquals(2, histogram.zeros());
        assertEquals(7, histogram.sum());
        assertEquals(4, histogram.largest());
        assertEquals(0, histogram.quantile(0.3));
        assertEquals(4, histogram.quantile(1), 4 * BIN);
        assertEquals(3, histogram.countBelow(histogram.threshold(0.6)), 1e-9);
        assertEquals(1, histogram.sumBelow(histogram.threshold(0.6)), 1e-9);
    }

    @Test
    void quantilesAreThoseOfTheSortedNumbersWithinABin() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        double[] values = random.doubles(5000).map(u -> Math.exp(40 * u - 30)).toArray();
        LogHistogram histogram = new LogHistogram();
        Arrays.stream(values).forEach(histogram::add);
        Arrays.sort(values);
        for (double share : new double[] {0.01, 0.25, 0.5, 0.9, 0.99}) {
            double exact = values[(int) Math.ceil(share * values.length) - 1];
            assertEquals(1, histogram.quantile(share) / exact, 1.5 * BIN, "seed " + seed + ", share " + share);
            assertEquals(share * values.length, histogram.countBelow(histogram.threshold(share)), 1e-6, "seed " + seed);
        }
    }

    @Test
    void joinsOthersOfAnyRange() {
        LogHistogram low = new LogHistogram();
        low.add(Double.MIN_VALUE);
        low.add(1e-300);
        LogHistogram high = new LogHistogram();
        high.add(Double.MAX_VALUE);
        high.add(0);
        low.addAll(high);
        assertEquals(4, low.count());
        assertEquals(1, low.zeros());
        assertEquals(Double.MAX_VALUE, low.largest());
        int[] bins = {0};
        low.forEach((middle, count, sum) -> {
            bins[0]++;
            assertTrue(middle > 0, "the middle of a bin is above 0");
        });
        assertEquals(3, bins[0]);
    }
}
