package io.squisher.tf.slots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Graphs that TensorFlow Java's framework did not build: imported ones, and ones of resource variables. */
class ForeignGraphsTest {
    @Test
    void findsVariablesOfAnImportedGraphWithSlashes() {
        try (DigitsNetwork network = DigitsNetwork.mlp(3);
                Graph imported = new Graph()) {
            Op train = network.minimize(Adam::new);
            imported.importGraphDef(network.graph.toGraphDef(), "tower/0");
            List<TrainedVariable> variables = TrainedVariables.in(imported);
            assertEquals(
                    Set.of("tower/0/hidden.kernel", "tower/0/hidden.bias", "tower/0/out.kernel", "tower/0/out.bias"),
                    variables.stream().map(TrainedVariable::name).collect(Collectors.toSet()));
            try (Session session = new Session(imported)) {
                initialize(network.graph, session);
                Digits.Batch batch = Digits.load().batch(8, new Random(1));
                for (int step = 0; step < 3; step++) {
                    session.runner()
                            .feed("tower/0/images", batch.imageTensor())
                            .feed("tower/0/labels", batch.labelTensor())
                            .addTarget("tower/0/" + train.op().name())
                            .run();
                }
                assertEquals(
                        OptionalLong.of(3), OptimizerState.of(variables).get(0).step(session));
            }
        }
    }

    /** An imported graph does not know which operations initialise it. */
    private static void initialize(Graph original, Session session) {
        Session.Runner runner = session.runner();
        for (Iterator<GraphOperation> all = original.operations(); all.hasNext(); ) {
            GraphOperation operation = all.next();
            if (operation.type().equals("Assign") && original.isInitializer(operation)) {
                runner.addTarget("tower/0/" + operation.name());
            }
        }
        runner.run();
    }

    @Test
    void readsTheAverageAndNotTheMaximumOfAmsgradOnResourceVariables() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            List<Op> initial = new ArrayList<>();
            Operand<? extends TType> w = resource(tf, "w", new float[] {1, 2}, initial);
            Operand<? extends TType> v = resource(tf, "v", new float[] {0, 0}, initial);
            Operand<TFloat32> gradient =
                    tf.withName("gradient").placeholderWithDefault(tf.constant(new float[] {3, 4}), Shape.of(2));
            Operand<TFloat32> beta2 = tf.constant(0.5f);
            Op train = tf.withName("train")
                    .train
                    .resourceApplyAdamWithAmsgrad(
                            w,
                            resource(tf, "m", new float[] {0, 0}, initial),
                            v,
                            resource(tf, "vhat", new float[] {0, 0}, initial),
                            tf.constant(0.9f),
                            tf.constant(0.25f),
                            tf.constant(0.1f),
                            tf.constant(0.9f),
                            beta2,
                            tf.constant(1e-8f),
                            gradient);
            List<TrainedVariable> variables = TrainedVariables.updatedBy(train.op());
            OptimizerState state = OptimizerState.of(variables).get(0);
            assertEquals("AMSGrad", state.optimizer());
            initial.forEach(session::run);
            session.run(train);
            session.runner()
                    .feed("gradient", TFloat32.vectorOf(0, 0))
                    .addTarget(train)
                    .run();
            try (Harvest harvest = Harvest.of(session, variables)) {
                // v = ½·9 after the first step, half of it after the second; the maximum would still be 4.5 and 8.
                assertArrayEquals(
                        new float[] {2.25f, 4f}, harvest.accumulators().get("w").toFloats());
            }
            assertEquals(OptionalDouble.of(0.5), state.decay(session));
            assertEquals(OptionalLong.empty(), state.step(session), "a constant power counts nothing");
        }
    }

    @Test
    void saysThatNothingIsLookedForInsideFunctions() {
        try (ConcreteFunction function = ConcreteFunction.create(ForeignGraphsTest::twice);
                Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            tf.call(function, Map.of("x", tf.constant(1f)));
            String message = assertThrows(SquisherException.class, () -> TrainedVariables.in(graph))
                    .getMessage();
            assertTrue(message.contains("outside the functions that it calls ('"), message);
            assertTrue(message.endsWith("'squisher convert'"), message);
        }
    }

    private static Signature twice(Ops tf) {
        Operand<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        return Signature.builder().input("x", x).output("y", tf.math.add(x, x)).build();
    }

    private static Operand<? extends TType> resource(Ops tf, String name, float[] value, List<Op> initial) {
        Operand<? extends TType> handle =
                tf.withName(name).varHandleOp(TFloat32.class, Shape.of(value.length), VarHandleOp.sharedName(name));
        initial.add(tf.assignVariableOp(handle, tf.constant(value)));
        return handle;
    }
}
