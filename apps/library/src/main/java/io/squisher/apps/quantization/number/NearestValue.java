package io.squisher.apps.quantization.number;

/** Searches in tables of values. */
final class NearestValue {
    private NearestValue() {}

    /**
     * The index of the value next to {@code wanted}; the lower one of two that are as near.
     *
     * @param values in ascending order
     */
    static int in(double[] values, double wanted) {
        int low = 0;
        int high = values.length - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            // Distances, not the midpoint: the sum of two neighbours could round to the wrong side.
            if (wanted - values[middle] <= values[middle + 1] - wanted) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
