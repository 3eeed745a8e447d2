package io.squisher.apps.quantization.number;

import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;

/**
 * The channels of a tensor one after the other, each gathered into an array. As many channels as fit a bound are gathered in one
 * pass, so that channels along a later axis do not cost a pass each, and a large tensor is never in memory whole.
 */
final class Channels {
    /** Weights that are in memory at a time, with what they count. */
    private static final long GATHERED = 1 << 22;

    private final Tensor weights;
    private final Tensor importance;
    private final int axis;

    /** Receives a channel. */
    @FunctionalInterface
    interface Consumer {
        void accept(int channel, double[] weights, double[] importance);
    }

    private Channels(Tensor weights, Tensor importance, int axis) {
        this.weights = weights;
        this.importance = importance;
        this.axis = axis;
    }

    static Channels of(Tensor weights, Tensor importance, int axis) {
        return new Channels(weights, importance, axis);
    }

    void forEach(Consumer consumer) {
        Shape shape = weights.shape();
        int channels = (int) shape.dim(axis);
        long size = shape.size() / Math.max(1, channels);
        int together = (int) Math.max(1, Math.min(channels, GATHERED / Math.max(1, size)));
        for (int first = 0; first < channels; first += together) {
            int count = Math.min(together, channels - first);
            double[][] values = new double[count][(int) size];
            double[][] counts = new double[count][(int) size];
            gather(weights, first, values);
            gather(importance, first, counts);
            for (int i = 0; i < count; i++) {
                consumer.accept(first + i, values[i], counts[i]);
            }
        }
    }

    private void gather(Tensor tensor, int first, double[]... into) {
        Shape shape = tensor.shape();
        Slots slots = Slots.channels(shape, axis);
        long perChannel = shape.size() / Math.max(1, shape.dim(axis));
        // Channels along the first axis lie one after the other.
        long from = axis == 0 ? first * perChannel : 0;
        long to = axis == 0 ? from + into.length * perChannel : shape.size();
        int[] filled = new int[into.length];
        ChunkReader reader = ChunkReader.upTo(to - from);
        double[] values = new double[(int) Math.min(to - from, ChunkReader.DEFAULT_ELEMENTS)];
        int[] at = new int[values.length];
        for (long start = from; start < to; ) {
            int count = reader.read(tensor, start, values, 0, (int) Math.min(values.length, to - start));
            slots.of(start, count, at);
            for (int i = 0; i < count; i++) {
                int channel = at[i] - first;
                if (channel >= 0 && channel < into.length) {
                    into[channel][filled[channel]++] = values[i];
                }
            }
            start += count;
        }
    }
}
