package io.squisher.tf.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.Rescaling;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.slots.Harvest;
import io.squisher.tf.slots.TrainedVariables;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.AdaDelta;
import org.tensorflow.framework.optimizers.AdaGrad;
import org.tensorflow.framework.optimizers.AdaGradDA;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.Adamax;
import org.tensorflow.framework.optimizers.Ftrl;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.framework.optimizers.Momentum;
import org.tensorflow.framework.optimizers.Nadam;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.framework.optimizers.RMSProp;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** One variable w of two elements, and a data loss whose gradient is the constant vector g. */
class EwcPenaltyTest {
    private Graph graph;
    private Ops tf;
    private Variable<TFloat32> w;

    @BeforeEach
    void build() {
        graph = new Graph();
        tf = Ops.create(graph);
        w = variable("w", 1, 2);
    }

    @AfterEach
    void close() {
        graph.close();
    }

    private Variable<TFloat32> variable(String name, float... values) {
        Variable<TFloat32> variable =
                tf.withName(name).variable(org.tensorflow.ndarray.Shape.of(values.length), TFloat32.class);
        tf.withInitScope().assign(variable, tf.withInitScope().constant(values));
        return variable;
    }

    private Operand<TFloat32> dataLoss(float... gradient) {
        return tf.reduceSum(tf.math.mul(w, tf.constant(gradient)), tf.constant(0));
    }

    private static FisherDiagonal fisher(float... values) {
        return new FisherDiagonal(
                Map.of("w", Tensor.of(Shape.of(values.length), values)), Provenance.getDefaultInstance());
    }

    private static float[] fetch(Session session, Operand<TFloat32> value) {
        try (TFloat32 tensor = (TFloat32) session.runner().fetch(value).run().get(0)) {
            float[] values = new float[(int) tensor.size()];
            int[] at = {0};
            tensor.scalars().forEach(number -> values[at[0]++] = number.getFloat());
            return values;
        }
    }

    @Test
    void pullsTowardsTheAnchorAsTheFormulaSays() {
        EwcPenalty ewc = EwcPenalty.over(graph);
        Op train = new GradientDescent(graph, 0.1f).minimize(tf.math.add(dataLoss(10, 10), ewc.term()));
        try (Session session = new Session(graph)) {
            session.initialize();
            session.run(train);
            assertArrayEquals(new float[] {0, 1}, fetch(session, w), 1e-6f, "no penalty before the first task");
            // Anchor (0, 1), λ = 3, F = (½, 2): pulls by λF(θ-θ*) from the next step on.
            ewc.addTask(session, fisher(0.5f, 2), Rescaling.IDENTITY, 3);
            session.run(train);
            assertArrayEquals(new float[] {-1, 0}, fetch(session, w), 1e-6f, "at the anchor there is no pull");
            assertEquals(0.5f * 3 * (0.5f * 1 + 2 * 1), fetch(session, ewc.term())[0], 1e-6f);
            session.run(train);
            assertArrayEquals(new float[] {-1 - 1 + 0.15f, 0 - 1 + 0.6f}, fetch(session, w), 1e-6f);
        }
    }

    @Test
    void twoTasksPullAsTwoPenaltiesWould() {
        EwcPenalty ewc = EwcPenalty.over(graph);
        Op train = new GradientDescent(graph, 0.1f).minimize(tf.math.add(dataLoss(10, 10), ewc.term()));
        try (Session session = new Session(graph)) {
            session.initialize();
            ewc.addTask(session, fisher(1, 0), Rescaling.IDENTITY, 1);
            session.run(train);
            float[] second = fetch(session, w);
            ewc.addTask(session, fisher(2, 0), Rescaling.IDENTITY, 1);
            float[] pull = fetch(session, ewc.gradient("w").orElseThrow());
            // First anchor 1, second 0: 1·(0-1) + 2·(0-0).
            assertArrayEquals(new float[] {-1, 0}, pull, 1e-6f);
            assertArrayEquals(new float[] {0, 1}, second, 1e-6f);
        }
    }

    @Test
    void onlineFormFadesAndMovesTheAnchor() {
        EwcPenalty ewc = EwcPenalty.over(graph);
        Op train = new GradientDescent(graph, 0.1f).minimize(tf.math.add(dataLoss(10, 10), ewc.term()));
        try (Session session = new Session(graph)) {
            session.initialize();
            ewc.addTaskOnline(session, fisher(1, 1), Rescaling.IDENTITY, 1, 0.5);
            session.run(train);
            ewc.addTaskOnline(session, fisher(2, 2), Rescaling.IDENTITY, 1, 0.5);
            assertArrayEquals(
                    new float[] {0, 0}, fetch(session, ewc.gradient("w").orElseThrow()), 1e-6f);
            session.run(train);
            // Strength ½·1 + 2, distance -1.
            assertArrayEquals(
                    new float[] {-2.5f, -2.5f}, fetch(session, ewc.gradient("w").orElseThrow()), 1e-6f);
        }
    }

    @Test
    void leavesTheHeadsOutAndIsTrainedByNoOptimizer() {
        Variable<TFloat32> head = variable("head.1", 5, 6);
        EwcPenalty ewc = EwcPenalty.over(graph, name -> !name.startsWith("head"));
        assertTrue(ewc.gradient("head.1").isEmpty());
        Operand<TFloat32> loss = tf.math.add(dataLoss(1, 1), tf.reduceSum(head, tf.constant(0)));
        Op train = new Adam(graph).minimize(tf.math.add(loss, ewc.term()));
        List<String> trained = TrainedVariables.updatedBy(train.op()).stream()
                .map(v -> v.name())
                .toList();
        assertEquals(List.of("w", "head.1"), trained);
    }

    static Stream<Function<Graph, Optimizer>> optimizers() {
        return Stream.of(
                g -> new GradientDescent(g, 0.01f),
                g -> new Momentum(g, 0.001f, 0.9f),
                g -> new Adam(g, 0.01f),
                g -> new Adamax(g, 0.01f),
                g -> new Nadam(g, 0.01f),
                g -> new RMSProp(g, 0.01f),
                g -> new AdaGrad(g, 0.1f),
                g -> new AdaGradDA(g, 0.1f),
                g -> new AdaDelta(g, 1f),
                g -> new Ftrl(g, 0.1f));
    }

    /** The loss falls without end along both elements; only the first one's Fisher is not 0. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void holdsUnderAnyOptimizer(Function<Graph, Optimizer> optimizer) {
        EwcPenalty ewc = EwcPenalty.over(graph);
        Op train = optimizer.apply(graph).minimize(tf.math.add(dataLoss(1, 1), ewc.term()));
        try (Session session = new Session(graph)) {
            session.initialize();
            session.run(train);
            float[] anchor = fetch(session, w);
            ewc.addTask(session, fisher(50, 0), Rescaling.IDENTITY, 1);
            for (int step = 0; step < 300; step++) {
                session.run(train);
            }
            float[] after = fetch(session, w);
            float held = Math.abs(after[0] - anchor[0]);
            float free = Math.abs(after[1] - anchor[1]);
            assertTrue(held < free / 2, "the held element moved by " + held + ", the free one by " + free);
        }
    }

    @Test
    void isTakenOutOfTheOwnAccumulator() {
        EwcPenalty ewc = EwcPenalty.over(graph);
        Op minimize = new GradientDescent(graph, 0.01f).minimize(tf.math.add(dataLoss(3, 4), ewc.term()));
        OwnAccumulator own = OwnAccumulator.add(minimize, 0.5f, ewc);
        try (Session session = new Session(graph)) {
            session.initialize();
            session.run(own.train());
            ewc.addTask(session, fisher(100, 100), Rescaling.IDENTITY, 1);
            for (int step = 0; step < 30; step++) {
                session.run(own.train());
            }
            try (Harvest harvest = Harvest.of(session, own.variables())) {
                // The data's gradient is (3, 4) in every step: v = g²·(1 - ½^31).
                assertArrayEquals(
                        new float[] {9, 16}, harvest.accumulators().get("w").toFloats(), 1e-4f);
            }
        }
    }

    @Test
    void aFisherOfAnotherModelChangesNothing() {
        EwcPenalty ewc = EwcPenalty.over(graph);
        try (Session session = new Session(graph)) {
            session.initialize();
            FisherDiagonal other = new FisherDiagonal(Map.of(), Provenance.getDefaultInstance());
            String message = assertThrows(
                            SquisherException.class, () -> ewc.addTask(session, other, Rescaling.IDENTITY, 1))
                    .getMessage();
            assertTrue(message.contains("'w'"), message);
            assertThrows(SquisherException.class, () -> ewc.addTask(session, fisher(1, 2, 3), Rescaling.IDENTITY, 1));
            assertArrayEquals(new float[] {0}, fetch(session, ewc.term()));
        }
    }
}
