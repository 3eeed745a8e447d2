package io.squisher.tf.export;

import static io.squisher.tf.export.EveryRuleTest.raw;
import static io.squisher.tf.export.OperationsTest.image;
import static io.squisher.tf.export.OperationsTest.matrix;
import static io.squisher.tf.export.OperationsTest.noise;

import io.squisher.tf.export.OperationsTest.Case;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReverseSequence;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Operations that put elements elsewhere: by numbers of rows, round an axis, on a diagonal, beyond the border. */
class IndexedOperationsTest {
    static Stream<Case> scattered() {
        return Stream.of(
                matrix(
                        "ScatterNd",
                        (tf, x) -> tf.scatterNd(
                                tf.constant(new int[][] {{4}, {0}, {4}}), x, tf.constant(new int[] {6, 4}))),
                matrix(
                        "ScatterNd of elements",
                        (tf, x) -> tf.scatterNd(
                                tf.constant(new int[][] {{1, 2}, {0, 0}, {1, 2}}),
                                tf.reduceSum(x, tf.constant(1)),
                                tf.constant(new int[] {2, 3}))),
                matrix(
                        "ScatterNdNonAliasingAdd",
                        (tf, x) -> tf.scatterNdNonAliasingAdd(
                                x, tf.constant(new int[][] {{2}, {0}, {2}}), noise(tf, 3, 4))),
                matrix("SegmentSum", (tf, x) -> raw(tf, "SegmentSum", x, tf.constant(new int[] {0, 2, 2}))),
                image(
                        "SegmentSum of integers",
                        (tf, x) -> tf.dtypes.cast(
                                raw(tf, "SegmentSum", rounded(tf, x), tf.constant(new int[] {1, 3})), TFloat32.class)),
                matrix(
                        "UnsortedSegmentSum",
                        (tf, x) -> tf.math.unsortedSegmentSum(x, tf.constant(new int[] {3, -1, 0}), tf.constant(5))),
                matrix(
                        "UnsortedSegmentSum of elements by what is computed",
                        (tf, x) -> tf.math.unsortedSegmentSum(x, rounded(tf, tf.nn.relu(x)), tf.constant(5))));
    }

    private static Operand<TInt32> rounded(Ops tf, Operand<TFloat32> x) {
        return tf.dtypes.cast(tf.math.round(x), TInt32.class);
    }

    static Stream<Case> ordered() {
        return Stream.of(
                image("Roll", (tf, x) -> tf.roll(x, tf.constant(new int[] {8, -2}), tf.constant(new int[] {1, -1}))),
                image("Roll of nothing", (tf, x) -> tf.roll(x, tf.constant(10), tf.constant(2))),
                image(
                        "ReverseSequence",
                        (tf, x) -> tf.reverseSequence(
                                x, tf.constant(new long[] {4, 0}), 1L, ReverseSequence.batchDim(0L))),
                image(
                        "ReverseSequence of other axes",
                        (tf, x) -> tf.reverseSequence(
                                x,
                                tf.dtypes.cast(
                                        tf.constant(new int[] {1, 2, 3, 4, 1}), org.tensorflow.types.TInt64.class),
                                3L,
                                ReverseSequence.batchDim(2L))),
                image(
                        "MirrorPad SYMMETRIC",
                        (tf, x) -> tf.mirrorPad(
                                x, tf.constant(new int[][] {{0, 0}, {6, 1}, {1, 5}, {0, 0}}), "SYMMETRIC")));
    }

    static Stream<Case> diagonals() {
        return Stream.of(
                matrix("MatrixDiag", (tf, x) -> raw(tf, "MatrixDiag", tf.math.log(tf.nn.relu(x)))),
                matrix(
                        "Diag",
                        (tf, x) -> raw(
                                tf,
                                "Diag",
                                tf.math.square(tf.slice(x, tf.constant(new int[2]), tf.constant(new int[] {2, 3}))))),
                matrix(
                        "DiagPart",
                        (tf, x) -> raw(
                                tf,
                                "DiagPart",
                                tf.linalg.matMul(x, x, org.tensorflow.op.linalg.MatMul.transposeA(true)))));
    }

    @ParameterizedTest
    @MethodSource({"scattered", "ordered", "diagonals"})
    void agreesWithTensorFlow(Case test) {
        test.check();
    }
}
