package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.Rescaling;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.proto.Provenance;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.slots.AccumulatorSource;
import io.squisher.tf.training.EwcPenalty;
import io.squisher.tf.training.MaskedUpdates;
import io.squisher.tf.training.OwnAccumulator;
import io.squisher.tf.training.VariableGradient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** What a program gives us by mistake ends in one line with the way out, never in another exception. */
class MisuseTest {
    @TempDir
    private Path folder;

    private static DynamicTest refused(String name, String expected, Executable misuse) {
        return DynamicTest.dynamicTest(name, () -> assertRefused(expected, misuse));
    }

    private static void assertRefused(String expected, Executable misuse) {
        String message = assertThrows(SquisherException.class, misuse).getMessage();
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    @TestFactory
    List<DynamicTest> nothingIsNull() {
        DigitsNetwork network = DigitsNetwork.mlp(1);
        Op train = network.minimize(Adam::new);
        Squisher squisher = Squisher.attach(network.graph);
        Session session = new Session(network.graph);
        session.initialize();
        EwcPenalty penalty = EwcPenalty.over(network.graph);
        Path prefix = folder.resolve("model");
        FisherDiagonal nothing = new FisherDiagonal(Map.of(), Provenance.getDefaultInstance());
        Map<String, Executable> misuses = new LinkedHashMap<>();
        misuses.put("the graph", () -> Squisher.attach((Graph) null));
        misuses.put("the training operation", () -> Squisher.attach((Op) null));
        misuses.put("the training operation ", () -> Squisher.attach(train, (Op) null));
        misuses.put("the source of accumulators", () -> Squisher.attach((AccumulatorSource) null));
        misuses.put("the session", () -> squisher.save(null, prefix));
        misuses.put("the checkpoint's prefix", () -> squisher.save(session, null));
        misuses.put("the session ", () -> squisher.restore(null, prefix));
        misuses.put("the checkpoint's prefix ", () -> squisher.restore(session, null));
        misuses.put("the loss reduction", () -> squisher.lossReduction(null));
        misuses.put("the loss scale", () -> squisher.lossScale((Operand<?>) null));
        misuses.put("the training operation  ", () -> OwnAccumulator.add(null));
        misuses.put("the list of gradients", () -> OwnAccumulator.of(null));
        misuses.put("the gradient", () -> OwnAccumulator.of(List.of(new VariableGradient(null, null))));
        misuses.put("the training operation   ", () -> MaskedUpdates.add(null));
        misuses.put("the graph ", () -> EwcPenalty.over(null));
        misuses.put("the task's Fisher", () -> penalty.addTask(session, null, Rescaling.IDENTITY, 1));
        misuses.put("the rescaling", () -> penalty.addTask(session, nothing, null, 1));
        misuses.put("the hook", () -> CheckpointManager.open(folder, null, Retention.last(1)));
        return misuses.entrySet().stream()
                .map(entry -> refused(entry.getKey(), entry.getKey().strip() + " is null", entry.getValue()))
                .toList();
    }

    @Test
    void eagerOperationsAreRefused() {
        try (EagerSession eager = EagerSession.create()) {
            Ops tf = Ops.create(eager);
            Operand<TFloat32> constant = tf.constant(1f);
            for (Executable misuse : List.<Executable>of(
                    () -> Squisher.attach(constant),
                    () -> AccumulatorSource.of(constant),
                    () -> OwnAccumulator.add(constant),
                    () -> OwnAccumulator.of(List.of(new VariableGradient(constant, constant))),
                    () -> MaskedUpdates.add(constant))) {
                assertRefused("is an eager operation; only graphs are looked into", misuse);
            }
        }
    }

    @Test
    void closedGraphsAndSessionsAreRefused() {
        DigitsNetwork network = DigitsNetwork.mlp(1);
        Op train = network.minimize(Adam::new);
        Squisher squisher = Squisher.attach(network.graph);
        Session session = new Session(network.graph);
        session.initialize();
        squisher.save(session, folder.resolve("model"));
        session.close();
        assertRefused("the session is closed", () -> squisher.save(session, folder.resolve("model")));
        assertRefused("the session is closed", () -> squisher.restore(session, folder.resolve("model")));
        network.close();
        assertRefused("the graph is closed", () -> Squisher.attach(network.graph));
        assertRefused("the graph is closed", () -> Squisher.attach(train));
        assertRefused("the graph is closed", () -> squisher.save(session, folder.resolve("model")));
    }

    @Test
    void aSessionOfAnotherGraphIsRefused() {
        try (DigitsNetwork network = DigitsNetwork.mlp(1);
                DigitsNetwork other = DigitsNetwork.mlp(1)) {
            network.minimize(Adam::new);
            other.minimize(Adam::new);
            Squisher squisher = Squisher.attach(network.graph);
            try (Session session = new Session(other.graph);
                    CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(1))) {
                session.initialize();
                assertRefused("another graph", () -> squisher.save(session, folder.resolve("model")));
                assertRefused("another graph", () -> squisher.restore(session, folder.resolve("model")));
                assertRefused("another graph", () -> manager.save(session, 1));
            }
        }
    }

    /** A session initializes by itself what has an initializer; these have none. */
    @Test
    void variablesWithoutValueAreNamed() {
        for (String type : List.of("VariableV2", "VarHandleOp")) {
            try (DigitsNetwork network = DigitsNetwork.mlp(1);
                    Session session = new Session(network.graph)) {
                network.minimize(Adam::new);
                Squisher squisher = Squisher.attach(network.graph);
                network.graph
                        .opBuilder(type, "bare", network.graph.baseScope())
                        .setAttr("shape", Shape.of(2))
                        .setAttr("dtype", DataType.DT_FLOAT)
                        .build();
                assertRefused(
                        "variable 'bare' has no value in this session",
                        () -> squisher.save(session, folder.resolve("model")));
            }
        }
    }

    @Test
    void aVariableThatIsAddedLaterIsSaved() {
        try (DigitsNetwork network = DigitsNetwork.mlp(1);
                Session session = new Session(network.graph)) {
            network.minimize(Adam::new);
            Squisher squisher = Squisher.attach(network.graph);
            session.initialize();
            squisher.save(session, folder.resolve("model"));
            network.variable("late", 2, 2);
            squisher.save(session, folder.resolve("model"));
            try (BundleFile file = BundleFile.open(folder.resolve("model"))) {
                assertTrue(file.names().contains("late"));
            }
        }
    }

    @Test
    void anOptimizerThatIsAddedLaterIsSeen() {
        try (DigitsNetwork network = DigitsNetwork.mlp(1);
                Session session = new Session(network.graph)) {
            network.minimize(Adam::new);
            Squisher squisher = Squisher.attach(network.graph);
            var late = network.variable("late", 2);
            Adam second = new Adam(network.graph, "second", 0.1f);
            Operand<TFloat32> gradient = network.tf.constant(new float[2]);
            second.applyGradients(
                    List.of(new Optimizer.GradAndVar<>(gradient.asOutput(), late.asOutput())), "late-step");
            session.initialize();
            assertRefused(
                    "variable 'late' is trained only since the hook was attached",
                    () -> squisher.save(session, folder.resolve("model")));
        }
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        try (DigitsNetwork network = DigitsNetwork.mlp(1);
                Session session = new Session(network.graph)) {
            Op train = network.minimize(Adam::new);
            session.initialize();
            Squisher squisher = Squisher.attach(network.graph);
            for (long wrong : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
                assertRefused("not " + wrong, () -> squisher.batchSize(wrong));
                assertRefused("not " + wrong, () -> squisher.datasetSize(wrong));
            }
            assertRefused(
                    "the batch size 64 is above the data set size 10",
                    () -> Squisher.attach(network.graph).batchSize(64).datasetSize(10));
            assertRefused("not -1", () -> squisher.save(session, folder.resolve("model"), -1));
            for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertRefused("the loss scale is a number above 0", () -> squisher.lossScale(wrong));
            }
            assertRefused("MEAN or SUM", () -> squisher.lossReduction(Provenance.Reduction.UNRECOGNIZED));
            assertRefused("has no file name", () -> squisher.save(session, Path.of("/")));
            assertRefused("has no file name", () -> squisher.save(session, Path.of("")));
            assertRefused("the decay must lie between 0 and 1", () -> OwnAccumulator.add(train, Float.NaN));
            Operand<TFloat32> wide = network.tf.constant(new float[2]);
            assertRefused(
                    "has the shape",
                    () -> OwnAccumulator.of(List.of(new VariableGradient(network.variables.get(0), wide))));
            assertRefused(
                    "is no variable; give the variables that the updates change",
                    () -> OwnAccumulator.of(List.of(new VariableGradient(network.tf.constant(Shape.scalar()), wide))));
            assertRefused("the list of gradients is empty", () -> OwnAccumulator.of(List.of()));
        }
    }
}
