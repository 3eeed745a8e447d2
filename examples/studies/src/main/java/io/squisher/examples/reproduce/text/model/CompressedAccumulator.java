package io.squisher.examples.reproduce.text.model;

import io.squisher.fisher.FisherDiagonal;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What optimizers that save memory would have kept of an accumulator. */
public final class CompressedAccumulator {
    /** Numbers that share a scale in eight-bit optimizers (Dettmers et al. 2022). */
    private static final int BLOCK = 256;

    private static final float[] EIGHT_BIT = eightBit();

    private CompressedAccumulator() {}

    /** Matrices as the product of their rows' and columns' sums, over the sum of all (Shazeer and Stern 2018). */
    public static FisherDiagonal factored(FisherDiagonal accumulator) {
        return mapped(accumulator, tensor -> tensor.shape().rank() == 2 ? factored(tensor) : tensor);
    }

    /** Each number as one of 256, times the largest of its block of 256 (dynamic tree quantization, Dettmers et al. 2022). */
    public static FisherDiagonal eightBit(FisherDiagonal accumulator) {
        return mapped(accumulator, CompressedAccumulator::eightBit);
    }

    private static FisherDiagonal mapped(FisherDiagonal accumulator, UnaryOperator<Tensor> compression) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Bodies.ofLayers(accumulator.tensors()).forEach((name, tensor) -> tensors.put(name, compression.apply(tensor)));
        return new FisherDiagonal(tensors, accumulator.provenance());
    }

    private static Tensor factored(Tensor matrix) {
        float[] values = matrix.toFloats();
        int columns = (int) matrix.shape().dim(1);
        double[] ofRow = new double[values.length / columns];
        double[] ofColumn = new double[columns];
        double all = 0;
        for (int i = 0; i < values.length; i++) {
            ofRow[i / columns] += values[i];
            ofColumn[i % columns] += values[i];
            all += values[i];
        }
        float[] product = new float[values.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = all == 0 ? 0 : (float) (ofRow[i / columns] * ofColumn[i % columns] / all);
        }
        return Tensor.of(matrix.shape(), product);
    }

    private static Tensor eightBit(Tensor tensor) {
        float[] values = tensor.toFloats();
        for (int start = 0; start < values.length; start += BLOCK) {
            int end = Math.min(start + BLOCK, values.length);
            float largest = 0;
            for (int i = start; i < end; i++) {
                largest = Math.max(largest, values[i]);
            }
            for (int i = start; i < end && largest > 0; i++) {
                values[i] = largest * nearest(values[i] / largest);
            }
        }
        Shape shape = tensor.shape();
        return Tensor.of(shape, values);
    }

    private static float nearest(float share) {
        int found = Arrays.binarySearch(EIGHT_BIT, share);
        if (found >= 0) {
            return share;
        }
        int above = -found - 1;
        if (above == 0 || above == EIGHT_BIT.length) {
            return EIGHT_BIT[Math.min(above, EIGHT_BIT.length - 1)];
        }
        return share - EIGHT_BIT[above - 1] < EIGHT_BIT[above] - share ? EIGHT_BIT[above - 1] : EIGHT_BIT[above];
    }

    /** 0, 1, and for each power 10^e from 10⁻⁶ to 1 the middles of 2^(e+7) equal parts between a tenth of it and itself. */
    private static float[] eightBit() {
        float[] table = new float[BLOCK];
        int count = 0;
        for (int power = -6; power <= 0; power++) {
            int parts = 1 << (power + 7);
            for (int part = 0; part < parts; part++) {
                table[count++] = (float) (Math.pow(10, power) * (0.1 + 0.9 * (part + 0.5) / parts));
            }
        }
        table[count++] = 0;
        table[count] = 1;
        Arrays.sort(table);
        return table;
    }
}
