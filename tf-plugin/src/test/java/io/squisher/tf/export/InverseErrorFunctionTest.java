package io.squisher.tf.export;

import static io.squisher.tf.export.OperationsTest.matrix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tf.export.OperationsTest.Case;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Erfinv and Ndtri, which are approximated, over dense grids up to the last float on either side. */
class InverseErrorFunctionTest {
    private static final int POINTS = 200_000;

    static Stream<Case> approximated() {
        return Stream.of(
                matrix("Erfinv", (tf, x) -> tf.math.erfinv(tf.math.tanh(x))),
                matrix("Ndtri", (tf, x) -> tf.math.ndtri(tf.math.sigmoid(x))));
    }

    private static double[] compare(BiFunction<Ops, Operand<TFloat32>, Operand<?>> body, float... at) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
            tf.withName("y").identity(body.apply(tf, x));
            return ExportCheck.compareAt(graph, session, "x", at, "y");
        }
    }

    private static double[] erfinv(float... at) {
        return compare((tf, x) -> tf.math.erfinv(x), at);
    }

    private static double[] ndtri(float... at) {
        return compare((tf, p) -> tf.math.ndtri(p), at);
    }

    private static float[] grid(double from, double to) {
        float[] grid = new float[POINTS];
        for (int i = 0; i < POINTS; i++) {
            grid[i] = (float) (from + (to - from) * i / (POINTS - 1));
        }
        return grid;
    }

    /** Neighbouring floats from {@code start} on. */
    private static float[] neighbours(float start) {
        float[] floats = new float[POINTS];
        floats[0] = start;
        for (int i = 1; i < POINTS; i++) {
            floats[i] = Math.nextUp(floats[i - 1]);
        }
        return floats;
    }

    @Test
    void erfinvAgreesWhereTensorFlowIsExact() {
        erfinv(grid(-1, 0.99));
        erfinv(neighbours(-1));
        erfinv(0, -0f, 1, -1, 1.001f, -1.5f, Float.POSITIVE_INFINITY, Float.NaN);
    }

    /** Near 1 TensorFlow rounds (x + 1)/2, so that its last finite value is that of 1 - 2⁻²². Ours stays odd. */
    @Test
    void erfinvIsOdd() {
        float[] nearMinusOne = neighbours(Math.nextUp(-1f));
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
            Operand<TFloat32> y = tf.withName("y").math.erfinv(x);
            tf.withName("sum").math.add(y, tf.math.erfinv(tf.math.neg(x)));
            double[] expected = ExportCheck.compareAt(graph, session, "x", nearMinusOne, "y");
            double[] sums = ExportCheck.onnxRuntime(graph, session, "x", nearMinusOne, "sum");
            for (int i = 0; i < sums.length; i++) {
                assertEquals(0, sums[i], "erfinv(x) + erfinv(-x) where erfinv(x) = " + expected[i]);
            }
        }
    }

    @Test
    void ndtriAgreesOverAllFloats() {
        ndtri(grid(0, 1));
        ndtri(neighbours(1 - POINTS * 0x1p-24f));
        float[] small = new float[POINTS];
        for (int i = 0; i < POINTS; i++) {
            small[i] = (float) Math.pow(10, -37.9 * i / POINTS);
        }
        ndtri(small);
        ndtri(Float.MIN_NORMAL, 0, 1, -1e-9f, 1.0000001f, Float.NEGATIVE_INFINITY, Float.NaN);
    }

    @Test
    void refusesDoublePrecision() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Operand<TFloat64> x = tf.withName("x").placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1)));
            tf.withName("y").math.erfinv(x);
            String message = assertThrows(
                            SquisherException.class,
                            () -> OnnxExporter.toModel(graph, session, List.of("x"), List.of("y")))
                    .getMessage();
            assertTrue(message.contains("'y' (Erfinv: it is computed in F64, and approximated in F32 only)"), message);
        }
    }
}
