package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.OptimizerGroups;
import io.squisher.fisher.Rescaling;
import io.squisher.proto.Accumulator;
import io.squisher.proto.Provenance;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.slots.AccumulatorSource;
import io.squisher.tf.slots.TrainedVariable;
import io.squisher.tf.training.OwnAccumulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.AdaGrad;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.op.Op;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** A body and a head that are trained apart. */
class SeveralOptimizersTest {
    private static final long SEED = 20261129;
    private static final Digits DIGITS = Digits.load();

    @TempDir
    private Path folder;

    /** A step of {@code optimizer} for the variables whose names begin with {@code prefix}. */
    private static Op part(DigitsNetwork network, Function<Graph, Optimizer> optimizer, String prefix, String name) {
        List<Variable<TFloat32>> trained = network.variables.stream()
                .filter(variable -> variable.op().name().startsWith(prefix))
                .toList();
        Gradients gradients = network.tf.gradients(network.loss(), trained);
        List<Optimizer.GradAndVar<? extends TType>> part = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            part.add(new Optimizer.GradAndVar<>(
                    gradients.<TFloat32>dy(i).asOutput(), trained.get(i).asOutput()));
        }
        Optimizer made = optimizer.apply(network.graph);
        return made.applyGradients(part, name);
    }

    private static void run(Session session, DigitsNetwork network, int steps, Op... targets) {
        Random random = new Random(SEED);
        for (int step = 0; step < steps; step++) {
            Digits.Batch batch = DIGITS.batch(16, random);
            try (TFloat32 x = batch.imageTensor();
                    TFloat32 y = batch.labelTensor()) {
                Session.Runner runner = session.runner().feed(network.images, x).feed(network.labels, y);
                for (Op target : targets) {
                    runner.addTarget(target);
                }
                runner.run().close();
            }
        }
    }

    private Provenance saved(String checkpoint) {
        try (FisherFile file = FisherFile.open(Squisher.fileFor(folder.resolve(checkpoint)))) {
            return file.diagonal().provenance();
        }
    }

    @Test
    void eachTensorKeepsItsOwnOptimizerDecayAndStep() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            Op body = part(network, g -> new Adam(g, 0.01f, 0.9f, 0.5f, 1e-8f), "hidden", "body");
            Op head = part(network, g -> new AdaGrad(g, 0.01f, 0.01f), "out", "head");
            for (Squisher hook : List.of(Squisher.attach(body, head), Squisher.attach(network.graph))) {
                assertEquals(4, hook.variables().size());
                assertTrue(hook.notes().isEmpty(), hook.notes().toString());
            }
            Squisher squisher = Squisher.attach(body, head).batchSize(16);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                run(session, network, 3, body);
                run(session, network, 2, body, head);
                squisher.save(session, folder.resolve("both"), 2);
            }
        }
        Provenance provenance = saved("both");
        Accumulator body = OptimizerGroups.accumulatorOf(provenance, "hidden.kernel");
        Accumulator head = OptimizerGroups.accumulatorOf(provenance, "out.bias");
        assertEquals(2, provenance.getFormatVersion());
        assertEquals(2, provenance.getOptimizerGroupsCount());
        assertEquals("Adam 5 0.5", body.getOptimizer() + " " + body.getStep() + " " + body.getDecay());
        assertEquals("AdaGrad 2 caller", head.getOptimizer() + " " + head.getStep() + " " + head.getStepSource());
        assertEquals(16, provenance.getAccumulator().getBatchSize());
        Rescaling rescaling = FisherScale.BATCH.rescaling(provenance, "both");
        // 16 · 1 / (1 - 2⁻⁵), and 16 · (1 - 0.01f) / 2.
        assertEquals(16 / (1 - 1.0 / 32), rescaling.apply("hidden.bias", 1), 1e-9);
        assertEquals(8 * (1 - (double) 0.01f), rescaling.apply("out.kernel", 1), 1e-9);
    }

    @Test
    void oneOptimizerInTwoCallsStaysOneGroup() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            Op train = network.minimize(Adam::new);
            Squisher squisher = Squisher.attach(train, train);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                run(session, network, 2, train);
                squisher.save(session, folder.resolve("one"));
            }
        }
        assertEquals(0, saved("one").getOptimizerGroupsCount());
        assertEquals(1, saved("one").getFormatVersion());
    }

    @Test
    void namesTheVariablesThatHaveNoAccumulator() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            Op body = part(network, Adam::new, "hidden", "body");
            Op head = part(network, g -> new GradientDescent(g, 0.1f), "out", "head");
            Squisher squisher = Squisher.attach(network.graph);
            assertEquals(2, squisher.variables().size());
            String note = squisher.notes().get(0);
            assertTrue(
                    note.startsWith("no accumulator of 'out.kernel', 'out.bias': trained by SGD (it keeps no state)"),
                    note);
            assertTrue(note.contains("OwnAccumulator.add"), note);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                run(session, network, 2, body, head);
                squisher.save(session, folder.resolve("part"));
            }
            assertEquals(List.of(note), saved("part").getNotesList());

            String refused = assertThrows(SquisherException.class, () -> Squisher.attach(body, head))
                    .getMessage();
            assertTrue(refused.contains("SGD (it keeps no state)") && refused.contains("OwnAccumulator.add"), refused);

            OwnAccumulator own = OwnAccumulator.add(head);
            assertEquals(1, Squisher.attach(network.graph).notes().size(), "its own average is no parameter");
            Squisher joined = Squisher.attach(AccumulatorSource.of(body), own);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                run(session, network, 2, body, own.train());
                joined.save(session, folder.resolve("joined"));
            }
            assertEquals(
                    "own",
                    OptimizerGroups.accumulatorOf(saved("joined"), "out.bias").getOptimizer());
        }
    }

    @Test
    void twoOptimizersOverOneVariableAreRefusedByName() {
        List<Function<Graph, Optimizer>> seconds = List.of(
                graph -> new Adam(graph, "second", 0.1f), AdaGrad::new, graph -> new GradientDescent(graph, 0.1f));
        for (Function<Graph, Optimizer> second : seconds) {
            try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
                Op one = part(network, Adam::new, "", "one");
                Op two = part(network, second, "out", "two");
                for (var attach : List.<org.junit.jupiter.api.function.Executable>of(
                        () -> Squisher.attach(network.graph),
                        () -> Squisher.attach(
                                network.tf.withControlDependencies(one, two).noOp()))) {
                    String message =
                            assertThrows(SquisherException.class, attach).getMessage();
                    assertTrue(
                            message.startsWith("variable 'out.")
                                    && message.contains("trained by two optimizers, Adam ('"),
                            message);
                }
                assertEquals(4, Squisher.attach(one).variables().size());
            }
        }
    }

    @Test
    void aSecondHookDoesNotReplaceTheFirstOnesTensors() throws Exception {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            Op body = part(network, Adam::new, "hidden", "body");
            Op head = part(network, AdaGrad::new, "out", "head");
            Op both = network.tf.withControlDependencies(body, head).noOp();
            OwnAccumulator own = OwnAccumulator.add(both);
            Path prefix = folder.resolve("model");
            try (Session session = new Session(network.graph)) {
                session.initialize();
                run(session, network, 2, own.train());
                Squisher first = Squisher.attach(body);
                first.save(session, prefix);
                byte[] before = Files.readAllBytes(Squisher.fileFor(prefix));
                String other = assertThrows(SquisherException.class, () -> Squisher.attach(head)
                                .save(session, prefix, 2))
                        .getMessage();
                assertTrue(other.contains("holds the accumulators of 'hidden.kernel' and 1 more"), other);
                assertTrue(other.contains("attach(body, head)"), other);
                assertEquals(1, other.lines().count());
                assertEquals(before.length, Files.size(Squisher.fileFor(prefix)));

                run(session, network, 2, own.train());
                first.save(session, prefix);
                Squisher.attach(body).save(session, prefix);
                Squisher.attach(both).save(session, prefix, 4);
                String same = assertThrows(SquisherException.class, () -> Squisher.attach(own)
                                .save(session, prefix))
                        .getMessage();
                assertTrue(same.contains("the accumulators of Adam at the same weights"), same);
                run(session, network, 1, own.train());
                Squisher.attach(own).save(session, prefix);
            }
            assertEquals(
                    Set.of("hidden.kernel", "hidden.bias", "out.kernel", "out.bias"),
                    Squisher.attach(own).variables().stream()
                            .map(TrainedVariable::name)
                            .collect(java.util.stream.Collectors.toSet()));
        }
    }
}
