package io.squisher.tf.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.op.nn.LocalResponseNormalization;
import org.tensorflow.op.nn.MaxPool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Each exported operation under ONNX Runtime against TensorFlow, fed with noise of shape [3, 4] or [2, 6, 5, 4]. */
class OperationsTest {
    record Case(String name, long[] feed, BiFunction<Ops, Operand<TFloat32>, Operand<?>> body) {
        /** From {@code x} of any batch to {@code y}. */
        Graph graph() {
            Graph graph = new Graph();
            Ops tf = Ops.create(graph);
            long[] declared = feed.clone();
            declared[0] = -1;
            Operand<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(declared)));
            tf.withName("y").identity(body.apply(tf, x));
            return graph;
        }

        /** Compares ONNX Runtime with TensorFlow. */
        void check() {
            try (Graph graph = graph();
                    Session session = new Session(graph)) {
                ExportCheck.compare(graph, session, Map.of("x", feed), "y");
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Case matrix(String name, BiFunction<Ops, Operand<TFloat32>, Operand<?>> body) {
        return new Case(name, new long[] {3, 4}, body);
    }

    static Case image(String name, BiFunction<Ops, Operand<TFloat32>, Operand<?>> body) {
        return new Case(name, new long[] {2, 6, 5, 4}, body);
    }

    static Stream<Case> elementwise() {
        return Stream.of(
                matrix("Abs", (tf, x) -> tf.math.abs(x)),
                matrix("AddN", (tf, x) -> tf.math.addN(List.of(x, x, x))),
                matrix("ClipByValue", (tf, x) -> tf.clipByValue(x, tf.constant(-0.5f), tf.constant(0.7f))),
                matrix("Ceil", (tf, x) -> tf.math.ceil(x)),
                matrix("Div", (tf, x) -> tf.math.div(x, tf.constant(3f))),
                matrix("DivNoNan", (tf, x) -> tf.math.divNoNan(x, tf.nn.relu(x))),
                matrix("Elu", (tf, x) -> tf.nn.elu(x)),
                matrix("Erf", (tf, x) -> tf.math.erf(x)),
                matrix("Erfc", (tf, x) -> tf.math.erfc(x)),
                matrix("Exp", (tf, x) -> tf.math.exp(x)),
                matrix("Expm1", (tf, x) -> tf.math.expm1(x)),
                matrix("FloorDiv", (tf, x) -> tf.math.floorDiv(x, tf.constant(0.3f))),
                matrix("LeakyRelu", (tf, x) -> tf.nn.leakyRelu(x)),
                matrix("Log1p", (tf, x) -> tf.math.log1p(tf.math.square(x))),
                matrix("SoftmaxCrossEntropy", (tf, x) -> tf.nn.softmaxCrossEntropyWithLogits(
                                x, tf.nn.softmax(tf.math.neg(x)))
                        .loss()),
                matrix("SoftmaxCrossEntropy's gradient", (tf, x) -> tf.nn.softmaxCrossEntropyWithLogits(
                                x, tf.nn.softmax(tf.math.neg(x)))
                        .backprop()),
                matrix("SparseSoftmaxCrossEntropy", (tf, x) -> tf.nn.sparseSoftmaxCrossEntropyWithLogits(
                                x, tf.math.argMax(tf.math.neg(x), tf.constant(1)))
                        .loss()),
                matrix("LogSoftmax", (tf, x) -> tf.nn.logSoftmax(x)),
                matrix("Maximum", (tf, x) -> tf.math.maximum(x, tf.math.neg(x))),
                matrix("NotEqual", (tf, x) -> tf.dtypes.cast(tf.math.notEqual(x, tf.nn.relu(x)), TFloat32.class)),
                matrix("Pow", (tf, x) -> tf.math.pow(tf.math.abs(x), tf.constant(1.5f))),
                matrix("Reciprocal", (tf, x) -> tf.math.reciprocal(tf.math.add(tf.math.abs(x), tf.constant(1f)))),
                matrix("Relu6", (tf, x) -> tf.nn.relu6(tf.math.mul(x, tf.constant(9f)))),
                matrix("Round", (tf, x) -> tf.math.round(tf.math.mul(x, tf.constant(5f)))),
                matrix("Rsqrt", (tf, x) -> tf.math.rsqrt(tf.math.abs(x))),
                matrix("Select", (tf, x) -> tf.select(tf.math.greater(x, tf.constant(0f)), x, tf.math.exp(x))),
                matrix("Selu", (tf, x) -> tf.nn.selu(x)),
                matrix("Sin", (tf, x) -> tf.math.sin(x)),
                matrix("Softplus", (tf, x) -> tf.math.softplus(x)),
                matrix("Softsign", (tf, x) -> tf.nn.softsign(x)),
                matrix("SquaredDifference", (tf, x) -> tf.math.squaredDifference(x, tf.constant(2f))));
    }

    static Stream<Case> shapes() {
        return Stream.of(
                matrix("BroadcastTo", (tf, x) -> tf.broadcastTo(x, tf.constant(new int[] {2, 3, 4}))),
                image("ConcatV2", (tf, x) -> tf.concat(List.of(x, tf.math.neg(x)), tf.constant(-1))),
                matrix("Cumsum", (tf, x) -> tf.math.cumsum(x, tf.constant(1))),
                image("ExpandDims", (tf, x) -> tf.expandDims(x, tf.constant(-2))),
                image("GatherV2", (tf, x) -> tf.gather(x, tf.constant(new int[] {3, 0, 0}), tf.constant(1))),
                image("GatherNd", (tf, x) -> tf.gatherNd(x, tf.constant(new int[][] {{0, 1}, {1, 5}}))),
                image("Max", (tf, x) -> tf.reduceMax(x, tf.constant(new int[] {1, -1}))),
                image("Mean", (tf, x) -> tf.math.mean(x, tf.constant(new int[] {1, 2}))),
                image("Min", (tf, x) -> tf.reduceMin(x, tf.constant(2))),
                image(
                        "MirrorPad",
                        (tf, x) ->
                                tf.mirrorPad(x, tf.constant(new int[][] {{0, 0}, {2, 1}, {1, 0}, {0, 0}}), "REFLECT")),
                matrix(
                        "OneHot",
                        (tf, x) -> tf.oneHot(
                                tf.math.argMax(x, tf.constant(1)), tf.constant(4), tf.constant(2f), tf.constant(-1f))),
                matrix("Pack", (tf, x) -> tf.stack(List.of(x, tf.math.exp(x)))),
                image(
                        "Pad",
                        (tf, x) ->
                                tf.pad(x, tf.constant(new int[][] {{0, 0}, {1, 2}, {0, 1}, {0, 0}}), tf.constant(7f))),
                matrix(
                        "GatherV2 of a batch",
                        (tf, x) -> tf.gather(
                                x,
                                tf.constant(new int[][] {{3, 0}, {1, 1}, {2, 0}}),
                                tf.constant(1),
                                Gather.batchDims(1L))),
                image(
                        "ShapeN",
                        (tf, x) ->
                                tf.dtypes.cast(tf.shapeN(List.of(x, x)).output().get(1), TFloat32.class)),
                image("Rank", (tf, x) -> tf.dtypes.cast(tf.rank(x), TFloat32.class)),
                image("SpaceToDepth", (tf, x) -> tf.nn.spaceToDepth(tf.concat(List.of(x, x), tf.constant(2)), 2L)),
                image("DepthToSpace", (tf, x) -> tf.nn.depthToSpace(tf.concat(List.of(x, x), tf.constant(3)), 2L)),
                image("MatrixBandPart", (tf, x) -> tf.linalg.bandPart(x, tf.constant(2L), tf.constant(1L))),
                image("MatrixBandPart, upper", (tf, x) -> tf.linalg.bandPart(x, tf.constant(0L), tf.constant(-1L))),
                image("ReverseV2", (tf, x) -> tf.reverse(x, tf.constant(new int[] {1, 3}))),
                image("Prod", (tf, x) -> tf.reduceProd(x, tf.constant(3))),
                image(
                        "Slice",
                        (tf, x) -> tf.slice(
                                x, tf.constant(new int[] {0, 1, 2, 0}), tf.constant(new int[] {-1, 3, -1, 2}))),
                image(
                        "Split",
                        (tf, x) -> tf.math.sub(
                                tf.split(tf.constant(3), x, 2L).output().get(1),
                                tf.split(tf.constant(3), x, 2L).output().get(0))),
                image(
                        "Squeeze",
                        (tf, x) -> tf.squeeze(
                                tf.expandDims(x, tf.constant(1)), org.tensorflow.op.core.Squeeze.axis(List.of(1L)))),
                image("Sum", (tf, x) -> tf.reduceSum(x, tf.constant(new int[] {0, 2}))),
                matrix("Tile", (tf, x) -> tf.tile(x, tf.constant(new int[] {1, 3}))),
                image("Transpose", (tf, x) -> tf.linalg.transpose(x, tf.constant(new int[] {0, 3, 1, 2}))),
                image(
                        "Unpack",
                        (tf, x) -> tf.math.mul(
                                tf.unstack(x, 5L, org.tensorflow.op.core.Unstack.axis(2L))
                                        .output()
                                        .get(4),
                                tf.constant(2f))),
                image(
                        "StridedSlice",
                        (tf, x) -> tf.stridedSlice(
                                x,
                                org.tensorflow.ndarray.index.Indices.all(),
                                org.tensorflow.ndarray.index.Indices.at(-1),
                                org.tensorflow.ndarray.index.Indices.slice(4L, -5L, -2L),
                                org.tensorflow.ndarray.index.Indices.newAxis(),
                                org.tensorflow.ndarray.index.Indices.ellipsis())),
                matrix(
                        "Shape",
                        (tf, x) -> tf.reshape(
                                tf.math.exp(x),
                                tf.stack(List.of(
                                        tf.stridedSlice(tf.shape(x), org.tensorflow.ndarray.index.Indices.at(0)),
                                        tf.constant(2),
                                        tf.constant(2))))));
    }

    static Stream<Case> products() {
        return Stream.of(
                matrix("MatMul", (tf, x) -> tf.linalg.matMul(x, x, org.tensorflow.op.linalg.MatMul.transposeA(true))),
                image(
                        "BatchMatMul",
                        (tf, x) -> tf.train.batchMatMul(
                                x, x, TFloat32.class, org.tensorflow.op.train.BatchMatMul.adjY(true))),
                image("Einsum", (tf, x) -> tf.linalg.einsum(List.of(x, x), "bijc,bikc->bijk")));
    }

    static Stream<Case> images() {
        List<Long> two = List.of(1L, 2L, 2L, 1L);
        return Stream.of(
                image("Conv2D SAME, stride 2", (tf, x) -> tf.nn.conv2d(x, noise(tf, 3, 3, 4, 5), two, "SAME")),
                image(
                        "Conv2D dilated",
                        (tf, x) -> tf.nn.conv2d(
                                x,
                                noise(tf, 2, 2, 4, 3),
                                List.of(1L, 1L, 1L, 1L),
                                "SAME",
                                Conv2d.dilations(List.of(1L, 2L, 3L, 1L)))),
                image(
                        "Conv2D EXPLICIT",
                        (tf, x) -> tf.nn.conv2d(
                                x,
                                noise(tf, 3, 2, 4, 3),
                                two,
                                "EXPLICIT",
                                Conv2d.explicitPaddings(List.of(0L, 0L, 2L, 1L, 0L, 3L, 0L, 0L)))),
                image("Conv2D in groups", (tf, x) -> tf.nn.conv2d(x, noise(tf, 2, 2, 2, 6), two, "VALID")),
                image(
                        "DepthwiseConv2dNative",
                        (tf, x) -> tf.nn.depthwiseConv2dNative(
                                x,
                                noise(tf, 3, 3, 4, 2),
                                List.of(1L, 1L, 1L, 1L),
                                "SAME",
                                DepthwiseConv2dNative.dilations(List.of(1L, 1L, 1L, 1L)))),
                image(
                        "Conv2DBackpropInput SAME",
                        (tf, x) -> tf.nn.conv2dBackpropInput(
                                sizes(tf, x, 11, 9, 7), noise(tf, 3, 3, 7, 4), x, two, "SAME")),
                image(
                        "Conv2DBackpropInput VALID",
                        (tf, x) -> tf.nn.conv2dBackpropInput(
                                sizes(tf, x, 14, 11, 5), noise(tf, 3, 3, 5, 4), x, two, "VALID")),
                image(
                        "LRN",
                        (tf, x) -> tf.nn.localResponseNormalization(
                                x,
                                LocalResponseNormalization.depthRadius(1L),
                                LocalResponseNormalization.alpha(0.3f),
                                LocalResponseNormalization.beta(0.7f))),
                image("AvgPool SAME", (tf, x) -> tf.nn.avgPool(x, List.of(1L, 3L, 2L, 1L), two, "SAME")),
                image(
                        "MaxPool SAME",
                        (tf, x) -> tf.nn.maxPool(
                                x,
                                tf.constant(new int[] {1, 3, 2, 1}),
                                tf.constant(new int[] {1, 2, 2, 1}),
                                "SAME",
                                MaxPool.dataFormat("NHWC"))),
                image("FusedBatchNormV3", (tf, x) -> tf.nn.fusedBatchNorm(
                                x,
                                noise(tf, 4),
                                noise(tf, 4),
                                noise(tf, 4),
                                tf.math.exp(noise(tf, 4)),
                                FusedBatchNorm.isTraining(false),
                                FusedBatchNorm.epsilon(0.01f))
                        .y()));
    }

    /** The shape of an image of these sizes with the batch of {@code x}. */
    private static Operand<TInt32> sizes(Ops tf, Operand<TFloat32> x, int height, int width, int channels) {
        return tf.stack(List.of(
                tf.stridedSlice(tf.shape(x), org.tensorflow.ndarray.index.Indices.at(0)),
                tf.constant(height),
                tf.constant(width),
                tf.constant(channels)));
    }

    static Stream<Case> volumes() {
        long[] feed = {2, 4, 5, 6, 3};
        List<Long> one = List.of(1L, 1L, 1L, 1L, 1L);
        List<Long> two = List.of(1L, 2L, 2L, 2L, 1L);
        List<Long> window = List.of(1L, 3L, 2L, 3L, 1L);
        return Stream.of(
                new Case("Conv3D SAME", feed, (tf, x) -> tf.nn.conv3d(x, noise(tf, 3, 2, 3, 3, 4), two, "SAME")),
                new Case("Conv3D VALID", feed, (tf, x) -> tf.nn.conv3d(x, noise(tf, 2, 3, 1, 3, 2), one, "VALID")),
                new Case(
                        "Conv3DBackpropInput",
                        feed,
                        (tf, x) -> tf.nn.conv3dBackpropInput(
                                tf.constant(new int[] {2, 8, 9, 12, 4}), noise(tf, 3, 2, 3, 4, 3), x, two, "SAME")),
                new Case("MaxPool3D", feed, (tf, x) -> tf.nn.maxPool3d(x, window, two, "SAME")),
                new Case("AvgPool3D", feed, (tf, x) -> tf.nn.avgPool3d(x, window, one, "SAME")));
    }

    /** A constant that is not symmetric in any way. */
    static Operand<TFloat32> noise(Ops tf, long... dims) {
        float[] values = new float[(int) Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i * i + 1);
        }
        return tf.reshape(tf.constant(values), tf.constant(dims));
    }

    @ParameterizedTest
    @MethodSource({"elementwise", "shapes", "products", "images", "volumes"})
    void agreesWithTensorFlow(Case test) {
        test.check();
    }

    /** The channels-first layout, which TensorFlow computes on GPUs only: compared with the same in the other layout. */
    @Test
    void exportsChannelsFirst() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> x =
                    tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4, 6, 5)));
            Operand<TFloat32> convolved =
                    tf.nn.conv2d(x, noise(tf, 3, 3, 4, 5), List.of(1L, 1L, 2L, 2L), "SAME", Conv2d.dataFormat("NCHW"));
            tf.withName("y").nn.biasAdd(convolved, noise(tf, 5), org.tensorflow.op.nn.BiasAdd.dataFormat("NCHW"));
            Operand<TFloat32> last = tf.nn.biasAdd(
                    tf.nn.conv2d(
                            tf.linalg.transpose(x, tf.constant(new int[] {0, 2, 3, 1})),
                            noise(tf, 3, 3, 4, 5),
                            List.of(1L, 2L, 2L, 1L),
                            "SAME"),
                    noise(tf, 5));
            tf.withName("expected").linalg.transpose(last, tf.constant(new int[] {0, 3, 1, 2}));
            try (Session session = new Session(graph)) {
                ExportCheck.compareAs(graph, session, Map.of("x", new long[] {2, 4, 6, 5}), "y", "expected");
            }
        }
    }

    @Test
    void refusesTrainingModeBatchNormalisation() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> x =
                    tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 6, 5, 4)));
            Operand<TFloat32> y = tf.withName("norm")
                    .nn
                    .fusedBatchNorm(x, noise(tf, 4), noise(tf, 4), noise(tf, 4), noise(tf, 4))
                    .y();
            tf.withName("y").identity(y);
            try (Session session = new Session(graph)) {
                String message = assertThrows(
                                SquisherException.class,
                                () -> OnnxExporter.toModel(graph, session, List.of("x"), List.of("y")))
                        .getMessage();
                assertTrue(message.contains("'norm' (FusedBatchNormV3: it normalises by the batch's own"), message);
                assertEquals(1, message.lines().count());
            }
        }
    }
}
