package io.squisher.tf.export;

import static io.squisher.tf.export.OperationsTest.image;
import static io.squisher.tf.export.OperationsTest.noise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.tf.export.OperationsTest.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.op.image.ResizeNearestNeighbor;
import org.tensorflow.op.nn.FractionalAvgPool;
import org.tensorflow.op.nn.FractionalMaxPool;
import org.tensorflow.types.TFloat32;

/** Images that are resized, pooled over random windows, and moved into the batch by blocks. */
class ImageOperationsTest {
    private static final List<Long> ONE = List.of(1L, 1L, 1L, 1L);

    /** Larger, smaller, and sizes at whose ratio pixels lie half way. */
    static Stream<Case> resized() {
        List<Case> cases = new ArrayList<>();
        for (int[] size : new int[][] {{11, 7}, {3, 2}, {9, 15}, {1, 5}}) {
            for (boolean[] mode : new boolean[][] {{false, false}, {true, false}, {false, true}}) {
                String name = size[0] + "x" + size[1] + (mode[0] ? ", corners" : mode[1] ? ", centres" : "");
                cases.add(image("ResizeBilinear " + name, (tf, x) -> bilinear(tf, x, size, mode)));
                cases.add(image("ResizeNearestNeighbor " + name, (tf, x) -> nearest(tf, x, size, mode)));
            }
        }
        // ONNX Runtime's Resize takes pixel 6 for 7 in the first, and is wrong by 1e-4 in the second.
        cases.add(new Case(
                "ResizeNearestNeighbor 14 to 2",
                new long[] {2, 14, 3, 1},
                (tf, x) -> nearest(tf, x, new int[] {2, 3}, new boolean[2])));
        cases.add(new Case(
                "ResizeBilinear 512 to 513",
                new long[] {2, 512, 3, 1},
                (tf, x) -> bilinear(tf, x, new int[] {513, 3}, new boolean[2])));
        return cases.stream();
    }

    private static Operand<TFloat32> bilinear(Ops tf, Operand<TFloat32> x, int[] size, boolean[] mode) {
        return tf.image.resizeBilinear(
                x, tf.constant(size), ResizeBilinear.alignCorners(mode[0]), ResizeBilinear.halfPixelCenters(mode[1]));
    }

    private static Operand<TFloat32> nearest(Ops tf, Operand<TFloat32> x, int[] size, boolean[] mode) {
        return tf.image.resizeNearestNeighbor(
                x,
                tf.constant(size),
                ResizeNearestNeighbor.alignCorners(mode[0]),
                ResizeNearestNeighbor.halfPixelCenters(mode[1]));
    }

    static Stream<Case> pooled() {
        return Stream.of(true, false).flatMap(overlapping -> Stream.of(true, false)
                .flatMap(pseudoRandom -> Stream.of(
                        image(
                                "FractionalMaxPool " + overlapping + " " + pseudoRandom,
                                (tf, x) -> maximum(tf, x, overlapping, pseudoRandom)),
                        image(
                                "FractionalAvgPool " + overlapping + " " + pseudoRandom,
                                (tf, x) -> tf.nn.fractionalAvgPool(
                                                x,
                                                List.of(1f, 1.44f, 1.73f, 1f),
                                                FractionalAvgPool.deterministic(true),
                                                FractionalAvgPool.seed2(5L),
                                                FractionalAvgPool.overlapping(overlapping),
                                                FractionalAvgPool.pseudoRandom(pseudoRandom))
                                        .output()))));
    }

    private static Operand<TFloat32> maximum(Ops tf, Operand<TFloat32> x, boolean overlapping, boolean pseudoRandom) {
        var pool = tf.nn.fractionalMaxPool(
                x,
                List.of(1f, 1.44f, 1.73f, 1f),
                FractionalMaxPool.deterministic(true),
                FractionalMaxPool.seed(3L),
                FractionalMaxPool.overlapping(overlapping),
                FractionalMaxPool.pseudoRandom(pseudoRandom));
        Operand<TFloat32> bounds = tf.dtypes.cast(
                tf.math.add(
                        tf.reduceSum(pool.rowPoolingSequence(), tf.constant(0)),
                        tf.reduceSum(pool.colPoolingSequence(), tf.constant(0))),
                TFloat32.class);
        return tf.math.add(pool.output(), bounds);
    }

    static Stream<Case> blocks() {
        return Stream.of(
                image("SpaceToBatchND", (tf, x) -> spread(tf, x, new int[][] {{1, 2}, {0, 1}})),
                image(
                        "SpaceToBatchND of one axis",
                        (tf, x) -> tf.spaceToBatchNd(x, tf.constant(new int[] {3}), tf.constant(new int[][] {{2, 1}}))),
                image(
                        "BatchToSpaceND",
                        (tf, x) -> gathered(tf, tf.math.exp(spread(tf, x, new int[][] {{1, 2}, {0, 1}})), new int[][] {
                            {0, 1}, {1, 0}
                        })),
                image("SpaceToBatch", (tf, x) -> tf.nn.spaceToBatch(x, tf.constant(new int[][] {{1, 1}, {2, 1}}), 2L)),
                image(
                        "BatchToSpace",
                        (tf, x) -> tf.batchToSpace(
                                tf.nn.spaceToBatch(x, tf.constant(new int[][] {{1, 1}, {2, 1}}), 2L),
                                tf.constant(new int[][] {{1, 0}, {0, 2}}),
                                2L)),
                image(
                        "BatchToSpaceND of a convolution with other crops",
                        (tf, x) ->
                                gathered(tf, convolved(tf, spread(tf, x, new int[][] {{0, 0}, {0, 1}})), new int[][] {
                                    {1, 0}, {0, 1}
                                })));
    }

    private static Operand<TFloat32> spread(Ops tf, Operand<TFloat32> x, int[][] paddings) {
        return tf.spaceToBatchNd(x, tf.constant(new int[] {3, 2}), tf.constant(paddings));
    }

    private static Operand<TFloat32> gathered(Ops tf, Operand<TFloat32> x, int[][] crops) {
        return tf.batchToSpaceNd(x, tf.constant(new int[] {3, 2}), tf.constant(crops));
    }

    private static Operand<TFloat32> convolved(Ops tf, Operand<TFloat32> x) {
        return tf.nn.conv2d(x, noise(tf, 2, 2, 4, 3), ONE, "VALID");
    }

    /** Dilated convolutions as older graphs write them: a SAME one by the block [3, 2], with a remainder that is cropped. */
    static Stream<Case> dilated() {
        int[][] paddings = {{1, 2}, {1, 2}};
        int[][] crops = {{0, 0}, {0, 1}};
        return Stream.of(
                image("Conv2D", (tf, x) -> gathered(tf, convolved(tf, spread(tf, x, paddings)), crops)),
                image(
                        "Conv2D in groups",
                        (tf, x) -> gathered(
                                tf, tf.nn.conv2d(spread(tf, x, paddings), noise(tf, 2, 2, 2, 6), ONE, "VALID"), crops)),
                image(
                        "DepthwiseConv2dNative",
                        (tf, x) -> gathered(
                                tf,
                                tf.nn.depthwiseConv2dNative(
                                        spread(tf, x, paddings), noise(tf, 2, 2, 4, 2), ONE, "VALID"),
                                crops)));
    }

    @ParameterizedTest
    @MethodSource({"resized", "pooled", "blocks", "dilated"})
    void agreesWithTensorFlow(Case test) {
        test.check();
    }

    /** No blocks are left, which would put parts of several examples next to each other. */
    @ParameterizedTest
    @MethodSource("dilated")
    void writesDilatedConvolutionsAsSuch(Case test) {
        try (Graph graph = test.graph();
                Session session = new Session(graph)) {
            ModelProto model = OnnxExporter.toModel(graph, session, List.of("x"), List.of("y"));
            Map<String, NodeProto> nodes = model.getGraph().getNodeList().stream()
                    .collect(Collectors.toMap(NodeProto::getOpType, Function.identity(), (a, b) -> a));
            assertEquals(Set.of("Transpose", "Conv", "Constant", "Identity"), without(nodes.keySet(), "Reshape"));
            AttributeProto dilations = nodes.get("Conv").getAttributeList().stream()
                    .filter(attribute -> attribute.getName().equals("dilations"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(List.of(3L, 2L), dilations.getIntsList());
        }
    }

    private static Set<String> without(Set<String> names, String name) {
        return names.stream().filter(other -> !other.equals(name)).collect(Collectors.toSet());
    }

    /** A batch of which nothing is known but that the images have any size. */
    @Test
    void resizesImagesOfAnySize() {
        for (boolean[] mode : new boolean[][] {{false, false}, {true, false}, {false, true}}) {
            try (Graph graph = new Graph();
                    Session session = new Session(graph)) {
                Ops tf = Ops.create(graph);
                Operand<TFloat32> x =
                        tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, -1, -1, 4)));
                tf.withName("y").identity(bilinear(tf, x, new int[] {11, 3}, mode));
                ExportCheck.compare(graph, session, Map.of("x", new long[] {2, 6, 5, 4}), "y");
            }
        }
    }

    /** The images' size is asked of TensorFlow only where windows are the same in every run. */
    @Test
    void refusesWindowsThatAreDrawnAnew() {
        Case random = image("random", (tf, x) -> tf.nn.fractionalMaxPool(
                        x, List.of(1f, 1.44f, 1.73f, 1f), FractionalMaxPool.seed(3L))
                .output());
        assertEquals(
                "cannot export to ONNX: 'FractionalMaxPool' (FractionalMaxPool: its windows are drawn anew in every run; "
                        + "build it with deterministic(true) and a seed that is not 0); choose outputs before them, or inputs behind them",
                refusal(random));
        Case unseeded = image("unseeded", (tf, x) -> tf.nn.fractionalAvgPool(
                        x, List.of(1f, 1.44f, 1.73f, 1f), FractionalAvgPool.deterministic(true))
                .output());
        assertTrue(refusal(unseeded).contains("a seed that is not 0"), refusal(unseeded));
    }

    @Test
    void refusesImagesOfUnknownSize() {
        Case nearest = new Case(
                "nearest", new long[] {2, -1, 5, 4}, (tf, x) -> nearest(tf, x, new int[] {3, 3}, new boolean[2]));
        assertTrue(refusal(nearest).contains("the size of its images, or that to which"), refusal(nearest));
        Case pool = new Case("pool", new long[] {2, -1, 5, 4}, (tf, x) -> maximum(tf, x, true, true));
        assertTrue(refusal(pool).contains("(FractionalMaxPool: the size of its images is unknown)"), refusal(pool));
        Case blocks =
                new Case("blocks", new long[] {2, -1, 5, 4}, (tf, x) -> spread(tf, x, new int[][] {{0, 0}, {0, 1}}));
        assertTrue(refusal(blocks).contains("(SpaceToBatchND: the size of its images is unknown)"), refusal(blocks));
    }

    private static String refusal(Case test) {
        try (Graph graph = test.graph();
                Session session = new Session(graph)) {
            return assertThrows(
                            SquisherException.class,
                            () -> OnnxExporter.toModel(graph, session, List.of("x"), List.of("y")))
                    .getMessage();
        }
    }
}
