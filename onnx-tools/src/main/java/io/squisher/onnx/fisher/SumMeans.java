package io.squisher.onnx.fisher;

import io.squisher.fisher.FisherFile;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;

/** Makes a tensor of a diagonal from one of sums, computed as it is read. */
final class SumMeans {
    private static final int BLOCK = 1 << 19;

    private SumMeans() {}

    /**
     * The sums over the number of examples, squared first if said; in float64 where float32 cannot hold them.
     *
     * @throws NotFiniteException if one is no number
     */
    static Tensor of(String parameter, Tensor sums, boolean squared, long examples) {
        double factor = 1.0 / examples;
        DoubleUnaryOperator finished = squared ? x -> x * x * factor : x -> x * factor;
        double largest = blocks(sums.size())
                .mapToDouble(start -> largest(parameter, sums, start, finished))
                .max()
                .orElse(0);
        ElementType type = FisherFile.needsDouble(largest) ? ElementType.F64 : ElementType.F32;
        return new ComputedTensor(new TensorSpec(type, sums.shape()), List.of(sums), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = finished.applyAsDouble(inputs[0][i]);
            }
        });
    }

    private static LongStream blocks(long size) {
        LongStream starts = LongStream.range(0, (size + BLOCK - 1) / BLOCK).map(block -> block * BLOCK);
        return size > BLOCK ? starts.parallel() : starts;
    }

    private static double largest(String parameter, Tensor sums, long start, DoubleUnaryOperator finished) {
        int length = (int) Math.min(BLOCK, sums.size() - start);
        ChunkReader reader = ChunkReader.upTo(length);
        double[] chunk = new double[Math.min(length, ChunkReader.DEFAULT_ELEMENTS)];
        double largest = 0;
        for (int done = 0; done < length; ) {
            int count = reader.read(sums, start + done, chunk, 0, length - done);
            for (int i = 0; i < count; i++) {
                double value = Math.abs(finished.applyAsDouble(chunk[i]));
                if (!Double.isFinite(value)) {
                    throw new NotFiniteException(parameter, start + done + i, value);
                }
                largest = Math.max(largest, value);
            }
            done += count;
        }
        return largest;
    }
}
