package io.squisher.onnx.fisher;

import io.squisher.onnx.fisher.graph.ElementOrder;
import io.squisher.proto.Sums;
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
import java.util.stream.IntStream;

/** Adds up float32 results of batches in float64, in the order in which their graphs return them. */
final class SquareAccumulator {
    private static final int PIECE = 4096;
    private static final ThreadLocal<float[]> PIECES = ThreadLocal.withInitial(() -> new float[PIECE]);

    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, ElementOrder> orders = new LinkedHashMap<>();
    private final Map<String, Spread> spread = new LinkedHashMap<>();
    private long examples;
    private long closed;
    private double neglected;
    private boolean handedOut;

    /**
     * Starts a tensor at 0.
     *
     * @param order in which its elements arrive, and are kept
     */
    void add(String parameter, Shape shape, ElementOrder order) {
        shapes.put(parameter, shape);
        orders.put(parameter, order);
        sums.put(parameter, new double[Math.toIntExact(shape.size())]);
        spread.put(parameter, Spread.NONE);
    }

    /** Adds the floats of {@code batches}, one after the other, each times {@code factor}. */
    void add(String parameter, List<ByteBuffer> batches, double factor) {
        double[] sum = sums.get(parameter);
        forEachPiece(batches, (start, values, count) -> {
            for (int i = 0; i < count; i++) {
                sum[start + i] += values[i] * factor;
            }
        });
    }

    /** Adds the squares of the floats of {@code batches}, each times {@code factor}. */
    void addSquares(String parameter, List<ByteBuffer> batches, double factor) {
        double[] sum = sums.get(parameter);
        forEachPiece(batches, (start, values, count) -> {
            for (int i = 0; i < count; i++) {
                double gradient = values[i];
                sum[start + i] += gradient * gradient * factor;
            }
        });
    }

    /** Adds the absolute values of the floats of {@code batches}, each times {@code factor}. */
    void addAbsolutes(String parameter, List<ByteBuffer> batches, double factor) {
        double[] sum = sums.get(parameter);
        forEachPiece(batches, (start, values, count) -> {
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
     * to better instructions. Each element belongs to one piece, and its batches come in their order, so the result does not
     * depend on the cores. A piece of all batches comes at once, while its sums are in the cache.
     */
    private static void forEachPiece(List<ByteBuffer> batches, PieceConsumer consumer) {
        List<FloatBuffer> floats =
                batches.stream().map(ByteBuffer::asFloatBuffer).toList();
        int size = floats.get(0).capacity();
        pieces(size).forEach(start -> {
            int count = Math.min(PIECE, size - start);
            float[] values = PIECES.get();
            for (FloatBuffer batch : floats) {
                batch.get(start, values, 0, count);
                consumer.accept(start, values, count);
            }
        });
    }

    /** Counts probability that was left out. */
    void neglect(double probability) {
        neglected += probability;
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
        spread.clear();
        sums.forEach((parameter, sum) -> spread.put(parameter, Spread.NONE));
        examples = 0;
        closed = 0;
        neglected = 0;
    }

    /** Goes on from sums that were made before. */
    void restore(FisherSums saved) {
        clear();
        sums.forEach((parameter, sum) -> {
            orders.get(parameter).write(saved.tensors().get(parameter).toDoubles(), sum);
            spread.put(parameter, new Spread(saved.header().getSpreadOrDefault(parameter, 0), NormSketch.of(sum)));
        });
        examples = saved.count();
        closed = saved.pieces();
        neglected = saved.header().getNeglected();
    }

    /** Makes the sums an own copy, where they were handed out. */
    void open() {
        if (handedOut) {
            sums.replaceAll((parameter, sum) -> sum.clone());
            handedOut = false;
        }
    }

    /**
     * Ends a piece of the data: all that was added since the last one.
     *
     * @param count its examples
     * @throws NotFiniteException if a sum is no number any more
     */
    void close(long count) {
        sums.forEach((parameter, sum) -> {
            double[] sketch = NormSketch.of(sum);
            if (!Double.isFinite(NormSketch.squaredNorm(sketch))) {
                requireFinite(parameter, sum);
            }
            spread.computeIfPresent(parameter, (name, before) -> before.after(sketch, count));
        });
        examples += count;
        closed++;
    }

    private void requireFinite(String parameter, double... sum) {
        for (int i = 0; i < sum.length; i++) {
            if (!Double.isFinite(sum[i])) {
                throw new NotFiniteException(parameter, orders.get(parameter).inParameter(i), sum[i]);
            }
        }
    }

    /** A header with what was counted. */
    Sums counted(Sums header) {
        Sums.Builder counted =
                header.toBuilder().setExampleCount(examples).setPieces(closed).setNeglected(neglected);
        spread.forEach((parameter, ofTensor) -> counted.putSpread(parameter, ofTensor.sum()));
        return counted.build();
    }

    /** By tensor, the squared norm of the sums. */
    Map<String, Double> squaredNorms() {
        Map<String, Double> norms = new LinkedHashMap<>();
        spread.forEach((parameter, ofTensor) -> norms.put(parameter, NormSketch.squaredNorm(ofTensor.sketch())));
        return norms;
    }

    /** The sums as float64 tensors: the memory itself, which whoever adds more leaves to them. */
    Map<String, Tensor> tensors() {
        handedOut = true;
        return passingTensors();
    }

    /** The same for who reads them at once. */
    Map<String, Tensor> passingTensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        sums.forEach((parameter, sum) -> tensors.put(
                parameter,
                new ComputedTensor(
                        new TensorSpec(ElementType.F64, shapes.get(parameter)),
                        List.of(),
                        (start, count, inputs, output) -> orders.get(parameter).read(sum, start, count, output))));
        return tensors;
    }

    /** The start of each piece of so many elements. */
    private static IntStream pieces(int size) {
        IntStream starts = IntStream.range(0, (size + PIECE - 1) / PIECE).map(piece -> piece * PIECE);
        return size > 16 * PIECE ? starts.parallel() : starts;
    }

    /**
     * How far the pieces of a tensor are apart.
     *
     * @param sum over the pieces, of the squared norm of the piece's sums over its examples
     * @param sketch of the sums when the last piece ended; empty where there was none
     */
    private record Spread(double sum, double[] sketch) {
        static final Spread NONE = new Spread(0, new double[0]);

        Spread after(double[] next, long count) {
            double squared =
                    sketch.length == 0 ? NormSketch.squaredNorm(next) : NormSketch.squaredDistance(next, sketch);
            return new Spread(sum + squared / count, next);
        }
    }
}
