package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherFile;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Adds up float32 results of batches in float64. */
final class SquareAccumulator {
    private static final int PIECE = 4096;
    private static final ThreadLocal<float[]> PIECES = ThreadLocal.withInitial(() -> new float[PIECE]);

    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    /** Starts a tensor at 0. */
    void add(String parameter, Shape shape) {
        shapes.put(parameter, shape);
        sums.put(parameter, new double[Math.toIntExact(shape.size())]);
    }

    /** Adds the floats of {@code batch}, each times {@code factor}. */
    void add(String parameter, ByteBuffer batch, double factor) {
        double[] sum = sums.get(parameter);
        forEachPiece(batch, (start, values, count) -> {
            for (int i = 0; i < count; i++) {
                sum[start + i] += values[i] * factor;
            }
        });
    }

    /** Adds the squares of the floats of {@code batch}, each times {@code factor}. */
    void addSquares(String parameter, ByteBuffer batch, double factor) {
        double[] sum = sums.get(parameter);
        forEachPiece(batch, (start, values, count) -> {
            for (int i = 0; i < count; i++) {
                double gradient = values[i];
                sum[start + i] += gradient * gradient * factor;
            }
        });
    }

    /** Adds the absolute values of the floats of {@code batch}, each times {@code factor}. */
    void addAbsolutes(String parameter, ByteBuffer batch, double factor) {
        double[] sum = sums.get(parameter);
        forEachPiece(batch, (start, values, count) -> {
            for (int i = 0; i < count; i++) {
                sum[start + i] += Math.abs(values[i]) * factor;
            }
        });
    }

    /** Receives a piece of a batch: its first index, its values and their number. */
    @FunctionalInterface
    private interface PieceConsumer {
        void accept(int start, float[] values, int count);
    }

    /**
     * Passes the floats on in pieces, on all cores. A piece is copied to an array first: loops over arrays are compiled
     * to better instructions. Each element belongs to one piece, so the result does not depend on the cores.
     */
    private static void forEachPiece(ByteBuffer batch, PieceConsumer consumer) {
        FloatBuffer floats = batch.asFloatBuffer();
        int size = floats.capacity();
        IntStream pieces = IntStream.range(0, (size + PIECE - 1) / PIECE);
        (size > 16 * PIECE ? pieces.parallel() : pieces).forEach(piece -> {
            int start = piece * PIECE;
            int count = Math.min(PIECE, size - start);
            float[] values = PIECES.get();
            floats.get(start, values, 0, count);
            consumer.accept(start, values, count);
        });
    }

    /** Adds the squares of row gradients, each times {@code factor}. */
    void addRows(String parameter, Tensor indices, Tensor gradients, double factor) {
        int rows = Math.toIntExact(shapes.get(parameter).dim(0));
        RowSquares.add(sums.get(parameter), rows, indices, gradients, factor);
    }

    /** Sets all sums to 0. */
    void clear() {
        sums.values().forEach(sum -> Arrays.fill(sum, 0));
    }

    /** Puts a tensor's sums back. */
    void restore(String parameter, double... values) {
        double[] sum = sums.get(parameter);
        System.arraycopy(values, 0, sum, 0, sum.length);
    }

    /** Calls {@code consumer} with each parameter's sums. */
    void forEach(BiConsumer<String, double[]> consumer) {
        sums.forEach(consumer);
    }

    /** All sums, squared if said, times {@code factor}. */
    Map<String, Tensor> tensors(boolean squared, double factor) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        sums.forEach((parameter, sum) -> {
            double[] scaled = new double[sum.length];
            for (int i = 0; i < sum.length; i++) {
                scaled[i] = (squared ? sum[i] * sum[i] : sum[i]) * factor;
                if (!Double.isFinite(scaled[i])) {
                    throw new SquisherException("the gradient of '" + parameter + "' is not finite (element " + i
                            + " is " + scaled[i] + "); look for NaN or infinity in the weights and the data");
                }
            }
            tensors.put(parameter, FisherFile.compact(shapes.get(parameter), scaled));
        });
        return tensors;
    }
}
