package io.squisher.tf.slots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.OpDef;
import org.tensorflow.types.TFloat32;

/**
 * Every operation of the table, built from TensorFlow's own definition of it (by the names of its arguments, where the table
 * counts positions) and run: dense and sparse, on reference and on resource variables.
 */
class ApplyOperationsTest {
    /** Two rows of two; the sparse forms update the second alone. */
    private static final float[][] GRADIENT = {{3, 4}, {5, 6}};

    private static final float START = 0.25f;

    /** The arguments by TensorFlow's names, where they are numbers; what is not here is a variable of the gradient's shape. */
    private static final Map<String, Float> NUMBERS = Map.ofEntries(
            Map.entry("lr", 0.1f),
            Map.entry("beta1", 0.9f),
            Map.entry("beta2", 0.75f),
            Map.entry("rho", 0.75f),
            Map.entry("momentum", 0.5f),
            Map.entry("epsilon", 0.01f),
            Map.entry("beta1_power", 0.9f),
            Map.entry("beta2_power", 0.75f),
            Map.entry("alpha", 0.1f),
            Map.entry("l1", 0.01f),
            Map.entry("l2", 0.01f),
            Map.entry("l2_shrinkage", 0.01f),
            Map.entry("lr_power", -0.5f));

    private static Map<String, OpDef> definitions() {
        return TensorFlow.registeredOpList().getOpList().stream().collect(Collectors.toMap(OpDef::getName, d -> d));
    }

    private static Stream<OpDef> inTable(boolean usable) {
        Map<String, OpDef> definitions = definitions();
        return AccumulatorRules.all().stream()
                .filter(rule -> rule.isUsable() == usable)
                .flatMap(rule -> rule.operationTypes().stream())
                .sorted()
                .filter(definitions::containsKey)
                .map(definitions::get);
    }

    static Stream<OpDef> usable() {
        return inTable(true);
    }

    static Stream<OpDef> unusable() {
        return inTable(false);
    }

    /** Every operation that TensorFlow has to apply a gradient is in the table, but for those of other optimizers. */
    @Test
    void theTableIsComplete() {
        Set<String> others = Set.of("AddSign", "PowerSign", "ProximalAdagrad", "ProximalGradientDescent");
        List<String> missing = definitions().keySet().stream()
                .filter(type -> type.matches("(Resource)?(Sparse)?Apply[A-Z].*"))
                .filter(type -> AccumulatorRules.of(type).isEmpty())
                .filter(type -> others.stream().noneMatch(type::endsWith))
                .sorted()
                .toList();
        assertEquals(List.of(), missing);
        assertEquals(35, usable().count());
    }

    @ParameterizedTest
    @MethodSource("usable")
    void theAccumulatorHoldsTheSquaresAfterAStep(OpDef definition) {
        AccumulatorRule rule = AccumulatorRules.of(definition.getName()).orElseThrow();
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            GraphOperation apply = build(graph, definition);
            List<TrainedVariable> variables = TrainedVariables.in(graph);
            assertEquals(
                    List.of("var"),
                    variables.stream().map(TrainedVariable::name).toList());
            OptimizerState state = OptimizerState.of(variables).get(0);
            assertEquals(rule.optimizer(), state.optimizer());
            assertEquals(START, state.initialValue());
            session.initialize();
            boolean average = rule.estimate() instanceof Estimate.MovingAverage;
            assertEquals(average ? OptionalDouble.of(0.75) : OptionalDouble.empty(), state.decay(session));
            session.runner().addTarget(apply).run().close();
            try (Harvest harvest = Harvest.of(session, variables)) {
                boolean sparse = definition.getName().contains("Sparse");
                float[] expected = new float[4];
                for (int i = 0; i < expected.length; i++) {
                    float square = GRADIENT[i / 2][i % 2] * GRADIENT[i / 2][i % 2];
                    float updated = average ? 0.75f * START + 0.25f * square : START + square;
                    expected[i] = sparse && i < 2 ? START : updated;
                }
                Tensor accumulator = harvest.accumulators().get("var");
                assertArrayEquals(expected, accumulator.toFloats(), 1e-5f);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatKeepsNoSquaresIsRefusedByName(OpDef definition) {
        try (Graph graph = new Graph()) {
            build(graph, definition);
            AccumulatorRule rule = AccumulatorRules.of(definition.getName()).orElseThrow();
            String message = assertThrows(SquisherException.class, () -> TrainedVariables.in(graph))
                    .getMessage();
            assertTrue(message.startsWith("the graph trains with " + rule.optimizer() + " (it keeps"), message);
        }
    }

    private static GraphOperation build(Graph graph, OpDef definition) {
        Ops tf = Ops.create(graph);
        boolean sparse = definition.getName().contains("Sparse");
        List<Output<?>> inputs = new ArrayList<>();
        for (OpDef.ArgDef argument : definition.getInputArgList()) {
            inputs.add(input(tf, argument, sparse));
        }
        GraphOperationBuilder builder = graph.opBuilder(definition.getName(), "apply", graph.baseScope());
        inputs.forEach(builder::addInput);
        return builder.build();
    }

    private static Output<?> input(Ops tf, OpDef.ArgDef argument, boolean sparse) {
        String name = argument.getName();
        if (NUMBERS.containsKey(name)) {
            return tf.constant(NUMBERS.get(name)).asOutput();
        }
        return switch (name) {
            case "global_step" -> tf.constant(1L).asOutput();
            case "indices" -> tf.constant(new int[] {1}).asOutput();
            case "grad", "delta" ->
                tf.constant(sparse ? new float[][] {GRADIENT[1]} : GRADIENT).asOutput();
            default -> variable(tf, name, argument.getType() == DataType.DT_RESOURCE);
        };
    }

    private static Output<?> variable(Ops tf, String name, boolean resource) {
        Graph graph = (Graph) tf.scope().env();
        GraphOperationBuilder builder = graph.opBuilder(
                        resource ? "VarHandleOp" : "VariableV2", name, graph.baseScope())
                .setAttr("shape", Shape.of(2, 2))
                .setAttr("dtype", DataType.DT_FLOAT)
                // Handles without a name of their own would all be one resource.
                .setAttr("shared_name", name);
        Output<TFloat32> variable = builder.build().output(0);
        Ops init = tf.withInitScope();
        Op assign = resource
                ? init.assignVariableOp(variable, init.fill(init.constant(new int[] {2, 2}), init.constant(START)))
                : init.assign(variable, init.fill(init.constant(new int[] {2, 2}), init.constant(START)));
        assertTrue(graph.isInitializer(assign.op()));
        return variable;
    }
}
