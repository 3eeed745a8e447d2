package io.squisher.tf.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Accumulator;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.checkpoint.Squisher;
import io.squisher.tf.graph.SessionTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** Training without an optimizer's operation: {@code w ← w - η g}, assigned. */
class HandWrittenUpdatesTest {
    private static final Digits DIGITS = Digits.load();
    private static final long SEED = 18;
    private static final int STEPS = 20;

    @TempDir
    private Path folder;

    /** Gradients of a network, and the updates that use them. */
    private record HandWritten(List<VariableGradient> gradients, Op update) {
        static HandWritten of(DigitsNetwork network) {
            Gradients gradients = network.tf.gradients(network.loss(), network.variables);
            Ops after = network.tf.withControlDependencyOps(
                    gradients.dy().stream().<Operation>map(Output::op).toList());
            List<VariableGradient> pairs = new ArrayList<>();
            List<Op> updates = new ArrayList<>();
            for (int i = 0; i < network.variables.size(); i++) {
                Operand<TFloat32> gradient = gradients.dy(i);
                pairs.add(new VariableGradient(network.variables.get(i), gradient));
                updates.add(
                        after.assignSub(network.variables.get(i), after.math.mul(gradient, network.tf.constant(0.1f))));
            }
            return new HandWritten(
                    pairs, network.tf.withControlDependencies(updates).noOp());
        }
    }

    @Test
    void theHookPointsToTheGradients() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            HandWritten written = HandWritten.of(network);
            for (var attach : List.<org.junit.jupiter.api.function.Executable>of(
                    () -> Squisher.attach(network.graph), () -> Squisher.attach(written.update()))) {
                String message = assertThrows(SquisherException.class, attach).getMessage();
                assertTrue(message.contains("give their gradients to OwnAccumulator.of(gradients)"), message);
            }
        }
    }

    @Test
    void averagesTheSquaresOfGivenGradients() {
        for (boolean oneStep : new boolean[] {true, false}) {
            try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
                HandWritten written = HandWritten.of(network);
                OwnAccumulator own = oneStep
                        ? OwnAccumulator.of(written.gradients(), written.update(), 0.75f)
                        : OwnAccumulator.of(written.gradients());
                double decay = oneStep ? 0.75 : 0.999f;
                Squisher squisher = Squisher.attach(own).batchSize(16);
                double[] replayed = null;
                try (Session session = new Session(network.graph)) {
                    session.initialize();
                    Random random = new Random(SEED);
                    for (int step = 0; step < STEPS; step++) {
                        double[] g = step(session, network, written, own, random);
                        replayed = replayed == null ? new double[g.length] : replayed;
                        for (int i = 0; i < g.length; i++) {
                            replayed[i] = decay * replayed[i] + (1 - decay) * g[i] * g[i];
                        }
                    }
                    squisher.save(session, folder.resolve("model" + oneStep));
                }
                try (FisherFile file = FisherFile.open(Squisher.fileFor(folder.resolve("model" + oneStep)))) {
                    Accumulator accumulator = file.diagonal().provenance().getAccumulator();
                    assertEquals("own 20", accumulator.getOptimizer() + " " + accumulator.getStep());
                    double[] saved = file.diagonal().tensor("out.kernel").toDoubles();
                    for (int i = 0; i < saved.length; i++) {
                        assertEquals(replayed[i], saved[i], 1e-5 * replayed[i] + 1e-30, "seed " + SEED);
                    }
                }
            }
        }
    }

    /** Takes a step; returns the gradient of {@code out.kernel} that it used. */
    private static double[] step(
            Session session, DigitsNetwork network, HandWritten written, OwnAccumulator own, Random random) {
        Digits.Batch batch = DIGITS.batch(16, random);
        try (TFloat32 x = batch.imageTensor();
                TFloat32 y = batch.labelTensor();
                var result = session.runner()
                        .feed(network.images, x)
                        .feed(network.labels, y)
                        .addTarget(own.train())
                        .addTarget(written.update())
                        .fetch(written.gradients().get(2).gradient())
                        .run()) {
            assertEquals(
                    "out.kernel", written.gradients().get(2).variable().op().name());
            return SessionTensor.of("gradient", result.get(0)).toDoubles();
        }
    }

    @Test
    void takesResourceVariablesByHandleAndByRead() {
        for (boolean byHandle : new boolean[] {true, false}) {
            try (Graph graph = new Graph();
                    Session session = new Session(graph)) {
                Ops tf = Ops.create(graph);
                var handle = tf.withName("w").varHandleOp(TFloat32.class, Shape.of(2), VarHandleOp.sharedName("w"));
                tf.withInitScope().assignVariableOp(handle, tf.withInitScope().constant(new float[] {1, 2}));
                Operand<TFloat32> read = tf.readVariableOp(handle, TFloat32.class);
                Operand<TFloat32> gradient = tf.constant(new float[] {3, 4});
                Op update = tf.assignSubVariableOp(handle, gradient);
                OwnAccumulator own = OwnAccumulator.of(
                        List.of(new VariableGradient(byHandle ? handle : read, gradient)), update, 0.5f);
                session.initialize();
                session.run(own.train());
                Path prefix = folder.resolve("resource" + byHandle);
                Squisher.attach(own).save(session, prefix);
                try (FisherFile file = FisherFile.open(Squisher.fileFor(prefix))) {
                    assertEquals(
                            List.of(4.5, 8.0),
                            java.util.Arrays.stream(file.diagonal().tensor("w").toDoubles())
                                    .boxed()
                                    .toList());
                }
            }
        }
    }
}
