package io.squisher.apps.compare;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Agreement of two lists of numbers in order alone: unchanged by any increasing function of either.
 *
 * @param spearman Spearman's rank correlation, −1 to 1; NaN where one list is constant
 * @param topOverlap share of the k largest of the first list that are among the k largest of the second, 0 to 1
 */
record RankAgreement(double spearman, double topOverlap) {
    /**
     * Compares {@code a[i]} with {@code b[i]}. Ties get the average of their ranks; among ties for the last places of
     * the k largest, lower indices come first.
     *
     * @param k how many are the largest; 1 to the length
     */
    static RankAgreement of(double[] a, double[] b, int k) {
        double[] sortedA = sorted(a);
        double[] sortedB = sorted(b);
        BitSet top = largest(a, sortedA, k);
        top.and(largest(b, sortedB, k));
        return new RankAgreement(spearman(a, sortedA, b, sortedB), (double) top.cardinality() / k);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.parallelSort(sorted);
        return sorted;
    }

    /** Pearson's correlation of the ranks. */
    private static double spearman(double[] a, double[] sortedA, double[] b, double[] sortedB) {
        double middle = (a.length - 1) / 2.0;
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            double rankA = rank(a[i], sortedA) - middle;
            double rankB = rank(b[i], sortedB) - middle;
            product += rankA * rankB;
            squaresA += rankA * rankA;
            squaresB += rankB * rankB;
        }
        return product / Math.sqrt(squaresA) / Math.sqrt(squaresB);
    }

    /** Average position, from 0, of {@code value} among the sorted ones. */
    private static double rank(double value, double[] sorted) {
        return (firstNotBelow(value, sorted) + firstAbove(value, sorted) - 1) / 2.0;
    }

    private static int firstNotBelow(double value, double[] sorted) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Double.compare(sorted[middle], value) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int firstAbove(double value, double[] sorted) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Double.compare(sorted[middle], value) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static BitSet largest(double[] values, double[] sorted, int k) {
        double threshold = sorted[sorted.length - k];
        int tiesWanted = k - (sorted.length - firstAbove(threshold, sorted));
        BitSet largest = new BitSet(values.length);
        for (int i = 0; i < values.length; i++) {
            int order = Double.compare(values[i], threshold);
            if (order > 0 || order == 0 && tiesWanted-- > 0) {
                largest.set(i);
            }
        }
        return largest;
    }
}
