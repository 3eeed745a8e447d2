package io.squisher.apps.quantization.number;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Tensor;
import java.util.Arrays;

/** The smallest and the largest weight of each slot, from one pass over a tensor. */
final class SlotRanges {
    private final double[] least;
    private final double[] most;

    private SlotRanges(int count) {
        least = new double[count];
        most = new double[count];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
    }

    static SlotRanges of(Tensor tensor, Slots slots) {
        SlotRanges ranges = new SlotRanges(slots.count());
        ChunkReader reader = ChunkReader.upTo(tensor.size());
        double[] values = new double[(int) Math.min(tensor.size(), ChunkReader.DEFAULT_ELEMENTS)];
        int[] at = new int[values.length];
        for (long start = 0; start < tensor.size(); ) {
            int count = reader.read(tensor, start, values);
            slots.of(start, count, at);
            for (int i = 0; i < count; i++) {
                ranges.least[at[i]] = Math.min(ranges.least[at[i]], values[i]);
                ranges.most[at[i]] = Math.max(ranges.most[at[i]], values[i]);
            }
            start += count;
        }
        return ranges;
    }

    int count() {
        return least.length;
    }

    double least(int slot) {
        return least[slot];
    }

    double most(int slot) {
        return most[slot];
    }
}
