package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherFile;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Adds up float32 results of batches in float64. */
final class SquareAccumulator {
    private static final int PIECE = 4096;
    private static final ThreadLocal<float[]> PIECES = ThreadLocal.withInitial(() -> new float[PIECE]);

    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private boolean handedOut;

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
        pieces(size).forEach(start -> {
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

    /** Sets all sums to 0; those that results were made of are left to them. */
    void clear() {
        if (handedOut) {
            sums.replaceAll((parameter, sum) -> new double[sum.length]);
            handedOut = false;
        } else {
            sums.values().forEach(sum -> pieces(sum.length)
                    .forEach(start -> Arrays.fill(sum, start, Math.min(sum.length, start + PIECE), 0)));
        }
    }

    /** Puts a tensor's sums back. */
    void restore(String parameter, double... values) {
        double[] sum = sums.get(parameter);
        System.arraycopy(values, 0, sum, 0, sum.length);
    }

    /** The sums themselves, as float64 tensors without a shape, for saving them before anything is added. */
    Map<String, Tensor> flat() {
        Map<String, Tensor> flat = new LinkedHashMap<>();
        sums.forEach((parameter, sum) -> flat.put(
                parameter,
                view(new TensorSpec(ElementType.F64, Shape.of(sum.length)), sum, DoubleUnaryOperator.identity())));
        return flat;
    }

    /**
     * All sums, squared if said, times {@code factor}: computed when they are read, of the sums as they are now.
     *
     * @throws SquisherException if one is not finite
     */
    Map<String, Tensor> tensors(boolean squared, double factor) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        sums.forEach((parameter, sum) -> {
            DoubleUnaryOperator finished = squared ? x -> x * x * factor : x -> x * factor;
            double largest = pieces(sum.length)
                    .mapToDouble(start -> largest(sum, start, finished))
                    .max()
                    .orElse(0);
            if (!Double.isFinite(largest)) {
                throw notFinite(parameter, sum, finished);
            }
            ElementType type = FisherFile.needsDouble(largest) ? ElementType.F64 : ElementType.F32;
            tensors.put(parameter, view(new TensorSpec(type, shapes.get(parameter)), sum, finished));
        });
        handedOut = true;
        return tensors;
    }

    private static Tensor view(TensorSpec spec, double[] sum, DoubleUnaryOperator finished) {
        return new ComputedTensor(spec, List.of(), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = finished.applyAsDouble(sum[(int) start + i]);
            }
        });
    }

    /** The start of each piece of so many elements. */
    private static IntStream pieces(int size) {
        IntStream starts = IntStream.range(0, (size + PIECE - 1) / PIECE).map(piece -> piece * PIECE);
        return size > 16 * PIECE ? starts.parallel() : starts;
    }

    /** The largest magnitude in a piece; NaN if one is. */
    private static double largest(double[] sum, int start, DoubleUnaryOperator finished) {
        double largest = 0;
        for (int i = start; i < Math.min(sum.length, start + PIECE); i++) {
            largest = Math.max(largest, Math.abs(finished.applyAsDouble(sum[i])));
        }
        return largest;
    }

    private static SquisherException notFinite(String parameter, double[] sum, DoubleUnaryOperator finished) {
        int first = IntStream.range(0, sum.length)
                .filter(i -> !Double.isFinite(finished.applyAsDouble(sum[i])))
                .findFirst()
                .orElseThrow();
        return new SquisherException("the gradient of '" + parameter + "' is not finite (element " + first + " is "
                + finished.applyAsDouble(sum[first]) + "); look for NaN or infinity in the weights and the data");
    }
}
