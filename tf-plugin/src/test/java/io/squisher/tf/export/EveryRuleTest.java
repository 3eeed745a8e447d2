package io.squisher.tf.export;

import static io.squisher.tf.export.OperationsTest.image;
import static io.squisher.tf.export.OperationsTest.matrix;
import static io.squisher.tf.export.OperationsTest.noise;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.tf.export.OperationsTest.Case;
import io.squisher.tf.export.rules.StandardRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.math.ApproximateEqual;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The operations that {@link OperationsTest} has not, by their types: TensorFlow Java builds newer forms of some. */
class EveryRuleTest {
    /** An operation with default attributes. */
    private static Operation raw(
            Ops tf, String type, UnaryOperator<GraphOperationBuilder> attributes, Operand<?>... inputs) {
        Graph graph = (Graph) tf.scope().env();
        GraphOperationBuilder builder = graph.opBuilder(type, tf.scope().makeOpName(type), tf.scope());
        for (Operand<?> input : inputs) {
            builder.addInput(input.asOutput());
        }
        return attributes.apply(builder).build();
    }

    static Output<?> raw(Ops tf, String type, Operand<?>... inputs) {
        return raw(tf, type, UnaryOperator.identity(), inputs).output(0);
    }

    private static Operand<TFloat32> number(Ops tf, Operand<?> any) {
        return tf.dtypes.cast(any, TFloat32.class);
    }

    /** Of numbers between 0 and 1, which are in the domain of all but one. */
    static Stream<Case> ofOne() {
        Stream<String> types = Stream.of(
                ("Acos Asin Asinh Atan Atanh Cos Cosh Floor Inv L2Loss Log Rint Sigmoid Sign Sinh Sqrt Tan Tanh ZerosLike "
                                + "PreventGradient Snapshot StopGradient Size")
                        .split(" "));
        return Stream.concat(
                types.map(type -> matrix(type, (tf, x) -> number(tf, raw(tf, type, tf.math.sigmoid(x))))),
                Stream.of(
                        matrix("Acosh", (tf, x) -> raw(tf, "Acosh", tf.math.exp(tf.math.abs(x)))),
                        matrix(
                                "LogicalNot",
                                (tf, x) -> number(tf, tf.math.logicalNot(tf.math.greater(x, tf.constant(0f)))))));
    }

    static Stream<Case> ofTwo() {
        Stream<Case> numbers = Stream.of("AddV2 RealDiv Minimum Equal GreaterEqual Less LessEqual".split(" "))
                .map(type -> matrix(type, (tf, x) -> number(tf, raw(tf, type, x, tf.math.abs(x)))));
        Stream<Case> truths = Stream.of("LogicalAnd", "LogicalOr")
                .map(type -> matrix(
                        type,
                        (tf, x) -> number(
                                tf,
                                raw(
                                        tf,
                                        type,
                                        tf.math.greater(x, tf.constant(-0.3f)),
                                        tf.math.less(x, tf.constant(0.3f))))));
        Stream<Case> products = Stream.of("BatchMatMul", "BatchMatMulV2")
                .map(type -> image(
                        type,
                        (tf, x) -> raw(tf, type, x, tf.linalg.transpose(x, tf.constant(new int[] {0, 1, 3, 2})))));
        return Stream.of(numbers, truths, products).flatMap(cases -> cases);
    }

    static Stream<Case> others() {
        List<Long> window = List.of(1L, 3L, 2L, 1L);
        return Stream.of(
                matrix("ArgMin", (tf, x) -> number(tf, tf.math.argMin(x, tf.constant(1)))),
                matrix(
                        "ApproximateEqual",
                        (tf, x) -> number(
                                tf, tf.math.approximateEqual(x, tf.nn.relu(x), ApproximateEqual.tolerance(0.5f)))),
                matrix("Atan2", (tf, x) -> raw(tf, "Atan2", x, tf.reverse(x, tf.constant(new int[] {1})))),
                matrix("Atan2 on the axes", EveryRuleTest::anglesOnAxes),
                matrix("LeakyReluGrad", (tf, x) -> raw(
                                tf, "LeakyReluGrad", builder -> builder.setAttr("alpha", 0.3f), tf.math.exp(x), x)
                        .output(0)),
                matrix("CheckNumericsV2", (tf, x) -> tf.debugging.checkNumerics(x, "")),
                matrix("CheckNumerics", (tf, x) -> raw(
                                tf, "CheckNumerics", builder -> builder.setAttr("message", ""), x)
                        .output(0)),
                matrix("Fill", (tf, x) -> tf.fill(tf.shape(x), tf.reduceSum(x, tf.constant(new int[] {0, 1})))),
                matrix("Gather", (tf, x) -> raw(tf, "Gather", x, tf.constant(new int[] {2, 0, 2}))),
                matrix("IdentityN", (tf, x) -> tf.identityN(List.of(x, tf.math.neg(x)))
                        .output()
                        .get(1)),
                matrix("Pad", (tf, x) -> raw(tf, "Pad", x, tf.constant(new int[][] {{0, 0}, {1, 2}}))),
                matrix("PlaceholderWithDefault", (tf, x) -> tf.placeholderWithDefault(tf.math.neg(x), Shape.of(-1, 4))),
                matrix("Select", (tf, x) -> raw(tf, "Select", tf.math.greater(x, tf.constant(0f)), x, tf.math.exp(x))),
                matrix(
                        "Select of rows",
                        (tf, x) -> raw(
                                tf,
                                "Select",
                                tf.math.greater(tf.reduceSum(x, tf.constant(1)), tf.constant(0f)),
                                x,
                                tf.math.exp(x))),
                matrix("SplitV", (tf, x) -> tf.splitV(x, tf.constant(new int[] {1, 3}), tf.constant(1), 2L)
                        .output()
                        .get(1)),
                image("BiasAdd", (tf, x) -> tf.nn.biasAdd(x, noise(tf, 4))),
                image("FusedBatchNorm", (tf, x) -> normalised(tf, "FusedBatchNorm", x)),
                image("FusedBatchNormV2", (tf, x) -> normalised(tf, "FusedBatchNormV2", x)),
                image("MaxPool", (tf, x) -> raw(
                                tf,
                                "MaxPool",
                                builder -> builder.setAttr("ksize", longs(window))
                                        .setAttr("strides", longs(window))
                                        .setAttr("padding", "VALID"),
                                x)
                        .output(0)));
    }

    /** Of signs -1, 0 and 1: every pair. */
    private static Operand<?> anglesOnAxes(Ops tf, Operand<TFloat32> x) {
        Operand<TFloat32> signs =
                tf.math.add(tf.constant(new float[] {-1, 0, 1}), tf.math.mul(rowSum(tf, x), tf.constant(0f)));
        return raw(tf, "Atan2", tf.expandDims(signs, tf.constant(2)), tf.expandDims(signs, tf.constant(1)));
    }

    private static Operand<TFloat32> rowSum(Ops tf, Operand<TFloat32> x) {
        return tf.expandDims(tf.reduceSum(x, tf.constant(1)), tf.constant(1));
    }

    private static long[] longs(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private static Output<?> normalised(Ops tf, String type, Operand<TFloat32> x) {
        Operand<TFloat32> variance = tf.math.exp(noise(tf, 4));
        UnaryOperator<GraphOperationBuilder> inference = builder -> builder.setAttr("is_training", false);
        return raw(tf, type, inference, x, noise(tf, 4), noise(tf, 4), noise(tf, 4), variance)
                .output(0);
    }

    @ParameterizedTest
    @MethodSource({"ofOne", "ofTwo", "others"})
    void agreesWithTensorFlow(Case test) {
        test.check();
    }

    /** A table by resource and one by reference. */
    @Test
    void readsVariables() {
        try (Graph graph = variables();
                Session session = new Session(graph)) {
            session.initialize();
            ExportCheck.compare(graph, session, Map.of("x", new long[] {3, 4}), "y");
        }
    }

    private static Graph variables() {
        Graph graph = new Graph();
        Ops tf = Ops.create(graph);
        Operand<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
        var table = tf.withName("table").varHandleOp(TFloat32.class, Shape.of(5, 4));
        Ops start = tf.withInitScope();
        start.assignVariableOp(table, noise(start, 5, 4));
        Variable<TFloat32> scale = tf.withName("scale").variable(Shape.of(4), TFloat32.class);
        start.assign(scale, noise(start, 4));
        Operand<TInt32> rows = tf.dtypes.cast(tf.math.argMax(x, tf.constant(1)), TInt32.class);
        Operand<TFloat32> gathered = tf.resourceGather(table, rows, TFloat32.class);
        Operand<TFloat32> product = tf.linalg.matMul(
                gathered, tf.readVariableOp(table, TFloat32.class), org.tensorflow.op.linalg.MatMul.transposeB(true));
        Operand<TFloat32> scaled = tf.math.mul(x, raw(tf, "RefIdentity", scale).expect(TFloat32.class));
        tf.withName("y").concat(List.of(product, scaled), tf.constant(1));
        return graph;
    }

    @Test
    void everyRuleIsTried() {
        Set<String> untried = new TreeSet<>(StandardRules.operationTypes());
        untried.remove("Placeholder"); // whose rule is its refusal, see OnnxExporterTest
        Stream<Graph> graphs = Stream.of(
                        OperationsTest.elementwise(),
                        OperationsTest.shapes(),
                        OperationsTest.products(),
                        OperationsTest.images(),
                        OperationsTest.volumes(),
                        ofOne(),
                        ofTwo(),
                        others(),
                        ImageOperationsTest.resized(),
                        ImageOperationsTest.pooled(),
                        ImageOperationsTest.blocks(),
                        IndexedOperationsTest.scattered(),
                        IndexedOperationsTest.ordered(),
                        IndexedOperationsTest.diagonals(),
                        InverseErrorFunctionTest.approximated())
                .flatMap(cases -> cases)
                .map(Case::graph);
        Stream.concat(graphs, Stream.of(variables())).forEach(graph -> {
            graph.operations().forEachRemaining(operation -> untried.remove(operation.type()));
            graph.close();
        });
        assertEquals(Set.of(), untried);
    }
}
