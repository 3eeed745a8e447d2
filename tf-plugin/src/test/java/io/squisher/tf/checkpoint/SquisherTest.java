package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.slots.TrainedVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.op.Op;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

class SquisherTest {
    private static final long SEED = 20261124;
    private static final Digits DIGITS = Digits.load();

    @TempDir
    private Path folder;

    @Test
    void savesWhatAReplayOfAdamPredicts() {
        int steps = 400;
        double beta2 = 0.99f;
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            network.minimize(graph -> new Adam(graph, 0.01f, 0.9f, 0.99f, 1e-8f));
            Squisher squisher = Squisher.attach(network.graph).batchSize(32).datasetSize(DIGITS.size());
            List<double[]> replayed = new ArrayList<>();
            try (Session session = new Session(network.graph)) {
                session.initialize();
                Random random = new Random(SEED);
                for (int step = 0; step < steps; step++) {
                    replayStep(session, network, squisher, DIGITS.batch(32, random), beta2, replayed);
                }
                squisher.save(session, folder.resolve("model"));
            }
            try (FisherFile file = FisherFile.open(Squisher.fileFor(folder.resolve("model")))) {
                for (int i = 0; i < replayed.size(); i++) {
                    String name = squisher.variables().get(i).name();
                    assertClose(
                            name, replayed.get(i), file.diagonal().tensor(name).toDoubles());
                }
            }
        }
    }

    /** Takes a step and carries v forward with the gradients that the step used. */
    private static void replayStep(
            Session session,
            DigitsNetwork network,
            Squisher squisher,
            Digits.Batch batch,
            double beta2,
            List<double[]> v) {
        Session.Runner runner = session.runner().addTarget(network.train());
        squisher.variables().stream().map(TrainedVariable::gradient).forEach(runner::fetch);
        try (TFloat32 x = batch.imageTensor();
                TFloat32 y = batch.labelTensor();
                var gradients =
                        runner.feed(network.images, x).feed(network.labels, y).run()) {
            for (int i = 0; i < squisher.variables().size(); i++) {
                TFloat32 gradient = (TFloat32) gradients.get(i);
                if (v.size() <= i) {
                    v.add(new double[(int) gradient.size()]);
                }
                double[] sum = v.get(i);
                int[] at = {0};
                gradient.scalars().forEach(g -> {
                    sum[at[0]] = beta2 * sum[at[0]] + (1 - beta2) * g.getFloat() * g.getFloat();
                    at[0]++;
                });
            }
        }
    }

    private static void assertClose(String name, double[] expected, double[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(
                    expected[i], actual[i], 1e-5 * Math.abs(expected[i]) + 1e-30, name + "[" + i + "], seed " + SEED);
        }
    }

    @Test
    void recordsWhereTheNumbersComeFrom() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            network.minimize(Adam::new);
            Squisher squisher = Squisher.attach(network.graph).batchSize(32).datasetSize(1797);
            squisher.penaltyActive(false);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                train(session, network, new Random(SEED), 7);
                squisher.save(session, folder.resolve("model"));
            }
            try (FisherFile file = FisherFile.open(Squisher.fileFor(folder.resolve("model")))) {
                Provenance provenance = file.diagonal().provenance();
                Accumulator accumulator = provenance.getAccumulator();
                assertEquals(
                        Set.of("hidden.kernel", "hidden.bias", "out.kernel", "out.bias"),
                        file.diagonal().names());
                assertEquals(Provenance.Kind.ACCUMULATOR, provenance.getKind());
                assertEquals(
                        "Adam v beta2_power",
                        accumulator.getOptimizer() + " " + accumulator.getSlot() + " " + accumulator.getStepSource());
                assertEquals(0.999f, accumulator.getDecay());
                assertEquals(7, accumulator.getStep());
                assertEquals(32, accumulator.getBatchSize());
                assertEquals(1797, accumulator.getDatasetSize());
                assertEquals(Provenance.Reduction.MEAN, accumulator.getLossReduction());
                assertTrue(accumulator.hasPenaltyActive() && !accumulator.getPenaltyActive());
                assertTrue(accumulator.hasInitialValue() && accumulator.getInitialValue() == 0);
                assertFalse(accumulator.getBiasCorrected());
            }
        }
    }

    @Test
    void asksTheLoopForTheStepWhereThePowerHasUnderflowed() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            network.minimize(graph -> new Adam(graph, 0.001f, 0.5f, 0.5f, 1e-8f));
            Squisher squisher = Squisher.attach(network.graph);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                train(session, network, new Random(SEED), 130);
                squisher.save(session, folder.resolve("unknown"));
                squisher.save(session, folder.resolve("told"), 130);
            }
        }
        assertFalse(accumulator("unknown").hasStep());
        assertEquals(130, accumulator("told").getStep());
        assertEquals("caller", accumulator("told").getStepSource());
    }

    private Accumulator accumulator(String checkpoint) {
        try (FisherFile file = FisherFile.open(Squisher.fileFor(folder.resolve(checkpoint)))) {
            return file.diagonal().provenance().getAccumulator();
        }
    }

    @Test
    void goesOnAfterARestoreAsIfItHadNeverStopped() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            network.minimizeInOrder(0.999f);
            Squisher squisher = Squisher.attach(network.graph);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                Random random = new Random(SEED);
                train(session, network, random, 20);
                squisher.save(session, folder.resolve("half"));
                train(session, network, random, 20);
                squisher.save(session, folder.resolve("through"));
            }
        }
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED + 1)) {
            network.minimizeInOrder(0.999f);
            Squisher squisher = Squisher.attach(network.graph);
            try (Session session = new Session(network.graph)) {
                session.restore(folder.resolve("half").toString());
                Random random = new Random(SEED);
                for (int step = 0; step < 20; step++) {
                    DIGITS.batch(16, random);
                }
                train(session, network, random, 20);
                squisher.save(session, folder.resolve("resumed"));
            }
        }
        assertSameFile("through", "resumed");
        assertEquals(40, accumulator("resumed").getStep());
    }

    private void assertSameFile(String expected, String actual) {
        try (FisherFile a = FisherFile.open(Squisher.fileFor(folder.resolve(expected)));
                FisherFile b = FisherFile.open(Squisher.fileFor(folder.resolve(actual)))) {
            FisherDiagonal through = a.diagonal();
            for (String name : through.names()) {
                assertArrayEquals(
                        through.tensor(name).toFloats(),
                        b.diagonal().tensor(name).toFloats(),
                        name);
            }
            assertEquals(
                    through.provenance().getWeightsHash(),
                    b.diagonal().provenance().getWeightsHash());
        }
    }

    private static void train(Session session, DigitsNetwork network, Random random, int steps) {
        for (int step = 0; step < steps; step++) {
            network.step(session, DIGITS.batch(16, random));
        }
    }

    @Test
    void attachesToOneOfTwoOptimizersByItsTrainingOperation() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            Adam first = new Adam(network.graph);
            List<Optimizer.GradAndVar<? extends TType>> all = new ArrayList<>();
            first.computeGradients(network.loss()).forEach(all::add);
            Op one = first.applyGradients(all, "one");
            Op two = new Adam(network.graph, "second", 0.1f).applyGradients(all.subList(0, 2), "two");
            assertThrows(SquisherException.class, () -> Squisher.attach(network.graph));
            assertEquals(4, Squisher.attach(one).variables().size());
            assertEquals(2, Squisher.attach(two).variables().size());
        }
    }

    @Test
    void saysWhatIsMissing() {
        try (Graph graph = new Graph();
                DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            String empty = assertThrows(SquisherException.class, () -> Squisher.attach(graph))
                    .getMessage();
            assertTrue(empty.contains("attach after the optimizer's minimize()"), empty);
            network.minimize(g -> new GradientDescent(g, 0.1f));
            String sgd = assertThrows(SquisherException.class, () -> Squisher.attach(network.graph))
                    .getMessage();
            assertTrue(sgd.contains("SGD (it keeps no state)"), sgd);
        }
    }

    @Test
    void leavesNothingBehindWhereItCannotWrite() throws Exception {
        Files.writeString(folder.resolve("file"), "not a folder");
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            network.minimize(Adam::new);
            Squisher squisher = Squisher.attach(network.graph);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                Path prefix = folder.resolve("file").resolve("model");
                String message = assertThrows(SquisherException.class, () -> squisher.save(session, prefix))
                        .getMessage();
                assertTrue(message.startsWith("cannot write"), message);
                assertEquals(1, message.lines().count(), message);
            }
        }
    }
}
