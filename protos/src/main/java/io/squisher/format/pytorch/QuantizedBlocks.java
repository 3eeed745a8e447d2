package io.squisher.format.pytorch;

import io.squisher.Counted;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The second state of bitsandbytes' 8-bit optimizers. Each element is a code of one byte; a block of consecutive elements has one
 * largest value. The optimizer goes on with {@code qmap2[code] · absmax2[block]}, in float32, and so does this.
 */
final class QuantizedBlocks {
    private static final int CODES = 256;
    static final String STATE = "state2";
    private static final String MAP = "qmap2";
    private static final String LARGEST = "absmax2";

    private final Tensor codes;
    private final Tensor largest;
    private final double[] map;
    private final long blockSize;

    /** The values, read once. */
    private float[] factors;

    private QuantizedBlocks(Tensor codes, Tensor largest, double[] map, long blockSize) {
        this.codes = codes;
        this.largest = largest;
        this.map = map;
        this.blockSize = blockSize;
    }

    /**
     * Whether a parameter's state is kept in blocks; bitsandbytes keeps small tensors in float32.
     */
    static boolean areIn(Map<?, ?> entry) {
        return entry.get(STATE) instanceof TorchTensor state && state.type() == ElementType.U8;
    }

    /**
     * The state of one parameter.
     *
     * @throws IllegalArgumentException if a part is missing, or the numbers of codes, blocks and elements do not fit
     */
    static QuantizedBlocks of(Map<?, ?> entry) {
        if (!(entry.get(STATE) instanceof TorchTensor codes
                && entry.get(MAP) instanceof TorchTensor map
                && entry.get(LARGEST) instanceof TorchTensor largest)) {
            throw new IllegalArgumentException("its 8-bit state lacks " + MAP + " or " + LARGEST
                    + ": only states that are quantized in blocks are read");
        }
        if (map.size() != CODES || !map.type().isFloating() || !largest.type().isFloating()) {
            throw new IllegalArgumentException(
                    MAP + " is " + map + " and " + LARGEST + " " + largest + ", where F32[256] and F32 are expected");
        }
        return new QuantizedBlocks(codes, largest, map.toDoubles(), blockSize(codes.size(), largest.size()));
    }

    /** The power of two that makes so many blocks of so many elements: from two blocks on there is one at the most. */
    private static long blockSize(long elements, long blocks) {
        for (long size = 1L << 6; size <= 1L << 20; size *= 2) {
            boolean one = blocks == 1 && elements <= size;
            if (one || blocks > 1 && (elements + size - 1) / size == blocks) {
                return size;
            }
        }
        throw new IllegalArgumentException(Counted.of(elements, "element") + " in " + blocks
                + " blocks: no block size of bitsandbytes makes so many");
    }

    /** The dequantized values. */
    Tensor values() {
        return new ComputedTensor(
                new TensorSpec(ElementType.F32, codes.shape()), List.of(codes), (start, count, inputs, output) -> {
                    float[] blocks = factors();
                    for (int i = 0; i < count; i++) {
                        output[i] = (float) map[(int) inputs[0][i]] * blocks[(int) ((start + i) / blockSize)];
                    }
                });
    }

    private synchronized float[] factors() {
        if (factors == null) {
            factors = largest.toFloats();
        }
        return factors;
    }

    /** The largest error of one rounding, as a share of its block's largest value: half of the widest gap between codes. */
    double rounding() {
        double[] sorted = map.clone();
        Arrays.sort(sorted);
        double widest = 0;
        for (int i = 1; i < sorted.length; i++) {
            widest = Math.max(widest, sorted[i] - sorted[i - 1]);
        }
        return widest / 2;
    }
}
