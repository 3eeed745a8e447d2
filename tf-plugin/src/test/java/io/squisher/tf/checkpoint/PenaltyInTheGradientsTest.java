package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.fisher.OptimizerGroups;
import io.squisher.fisher.Rescaling;
import io.squisher.proto.Provenance;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.training.EwcPenalty;
import io.squisher.tf.training.OwnAccumulator;
import io.squisher.tf.training.VariableGradient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.framework.optimizers.GradientDescent;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.op.Op;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** What the training step put into the gradients beside the data's: an EWC penalty, a loss scale. */
class PenaltyInTheGradientsTest {
    private static final long SEED = 20261130;
    private static final Digits DIGITS = Digits.load();

    @TempDir
    private Path folder;

    private static void run(Session session, DigitsNetwork network, Op train, int steps) {
        Random random = new Random(SEED);
        for (int step = 0; step < steps; step++) {
            Digits.Batch batch = DIGITS.batch(16, random);
            try (TFloat32 x = batch.imageTensor();
                    TFloat32 y = batch.labelTensor()) {
                session.runner()
                        .feed(network.images, x)
                        .feed(network.labels, y)
                        .addTarget(train)
                        .run()
                        .close();
            }
        }
    }

    private Provenance saved(Squisher squisher, Session session, String name) {
        squisher.save(session, folder.resolve(name));
        try (FisherFile file = FisherFile.open(Squisher.fileFor(folder.resolve(name)))) {
            return file.diagonal().provenance();
        }
    }

    private static FisherDiagonal ones(DigitsNetwork network) {
        Map<String, Tensor> tensors = new java.util.HashMap<>();
        network.variables.forEach(variable -> {
            double[] values = new double[(int) variable.shape().size()];
            Arrays.fill(values, 1);
            tensors.put(
                    variable.op().name(), Tensor.of(Shape.of(variable.shape().asArray()), values));
        });
        return new FisherDiagonal(tensors, Provenance.getDefaultInstance());
    }

    private static boolean hasPenalty(Provenance provenance, String tensor) {
        return OptimizerGroups.accumulatorOf(provenance, tensor).getPenaltyActive();
    }

    @Test
    void anActivePenaltyIsWrittenForTheTensorsThatItReaches() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            EwcPenalty ewc = EwcPenalty.over(network.graph, name -> name.startsWith("hidden"));
            Op train = new Adam(network.graph).minimize(network.tf.math.add(network.loss(), ewc.term()));
            Squisher squisher = Squisher.attach(train).penaltyActive(false);
            assertTrue(squisher.notes().get(0).startsWith("the gradients of 'hidden.kernel', 'hidden.bias' contain"));
            try (Session session = new Session(network.graph)) {
                session.initialize();
                run(session, network, train, 3);
                Provenance before = saved(squisher, session, "before");
                assertEquals(0, before.getOptimizerGroupsCount());
                assertFalse(hasPenalty(before, "hidden.kernel"), "a penalty without a task has no gradient");
                ewc.addTask(session, ones(network), Rescaling.IDENTITY, 10);
                run(session, network, train, 3);
                Provenance after = saved(squisher, session, "after");
                assertTrue(hasPenalty(after, "hidden.kernel") && hasPenalty(after, "hidden.bias"));
                assertFalse(hasPenalty(after, "out.kernel") || hasPenalty(after, "out.bias"));
                assertTrue(after.getAccumulator().getPenaltyActive());
                assertEquals(6, after.getAccumulator().getStep());
                assertTrue(after.getNotes(0).contains("OwnAccumulator.add"), after.getNotes(0));
            }
        }
    }

    @Test
    void anAverageOfTheDataLossAloneIsFreeOfIt() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            EwcPenalty known = EwcPenalty.over(network.graph);
            EwcPenalty forgotten = EwcPenalty.over(network.graph, name -> name.startsWith("out.k"));
            Operand<TFloat32> loss = network.tf.math.addN(List.of(network.loss(), known.term(), forgotten.term()));
            Op train = new GradientDescent(network.graph, 0.01f).minimize(loss);
            Squisher clean = Squisher.attach(OwnAccumulator.add(train, 0.9f, known, forgotten));
            Squisher half = Squisher.attach(OwnAccumulator.add(train, 0.9f, known));
            assertTrue(clean.notes().isEmpty(), clean.notes().toString());
            assertTrue(
                    half.notes().get(0).startsWith("the gradients of 'out.kernel' contain"),
                    half.notes().toString());
            try (Session session = new Session(network.graph)) {
                session.initialize();
                known.addTask(session, ones(network), Rescaling.IDENTITY, 1);
                forgotten.addTask(session, ones(network), Rescaling.IDENTITY, 1);
                assertFalse(saved(clean, session, "clean").getAccumulator().getPenaltyActive());
                Provenance left = saved(half, session, "half");
                assertTrue(hasPenalty(left, "out.kernel"));
                assertFalse(hasPenalty(left, "hidden.kernel"));
            }
        }
    }

    @Test
    void isSeenThroughClippingAndInImportedGraphs() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED);
                Graph imported = new Graph()) {
            EwcPenalty ewc = EwcPenalty.over(network.graph, name -> name.equals("hidden.kernel"));
            Adam adam = new Adam(network.graph);
            List<Optimizer.GradAndVar<? extends TType>> clipped = new ArrayList<>();
            for (Optimizer.GradAndVar<? extends TType> gradient :
                    adam.<TFloat32>computeGradients(network.tf.math.add(network.loss(), ewc.term()))) {
                @SuppressWarnings("unchecked")
                Optimizer.GradAndVar<TFloat32> one = (Optimizer.GradAndVar<TFloat32>) gradient;
                Operand<TFloat32> value =
                        network.tf.clipByValue(one.getGradient(), network.tf.constant(-1f), network.tf.constant(1f));
                clipped.add(new Optimizer.GradAndVar<>(value.asOutput(), one.getVariable()));
            }
            adam.applyGradients(clipped, "clipped");
            imported.importGraphDef(network.graph.toGraphDef(), "tower");
            for (Squisher hook : List.of(Squisher.attach(network.graph), Squisher.attach(imported))) {
                assertEquals(1, hook.notes().size());
                assertTrue(
                        hook.notes().get(0).contains("hidden.kernel' contain"),
                        hook.notes().get(0));
            }
        }
    }

    @Test
    void aFixedLossScaleIsDividedOutByTheReader() {
        double[][] read = new double[2][];
        for (int i = 0; i < 2; i++) {
            float scale = i == 0 ? 1 : 1024;
            try (DigitsNetwork network = DigitsNetwork.mlp(SEED);
                    Session session = new Session(network.graph)) {
                // A step of 0: the scaled gradients are of the same weights as the others.
                Op train = new Adam(network.graph, 0f)
                        .minimize(network.tf.math.mul(network.loss(), network.tf.constant(scale)));
                Squisher squisher = Squisher.attach(train).batchSize(16).lossScale(scale);
                session.initialize();
                run(session, network, train, 4);
                Provenance provenance = saved(squisher, session, "scale" + i);
                assertEquals(i == 1, provenance.getAccumulator().hasLossScale());
                try (FisherFile file = FisherFile.open(Squisher.fileFor(folder.resolve("scale" + i)))) {
                    Rescaling rescaling = FisherScale.BATCH.rescaling(provenance, "scale");
                    read[i] = Arrays.stream(file.diagonal().tensor("out.kernel").toDoubles())
                            .map(rescaling.of("out.kernel")::apply)
                            .toArray();
                }
            }
        }
        assertTrue(Arrays.stream(read[0]).max().orElseThrow() > 0);
        for (int i = 0; i < read[0].length; i++) {
            assertEquals(read[0][i], read[1][i], 1e-5 * read[0][i] + 1e-30, "seed " + SEED);
        }
    }

    @Test
    void aChangingLossScaleMustBeDividedOutBeforeTheSquares() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            Variable<TFloat32> scale =
                    network.tf.withName("scale").variable(org.tensorflow.ndarray.Shape.scalar(), TFloat32.class);
            Operand<TFloat32> scaled = network.tf.math.mul(network.loss(), scale);
            Adam adam = new Adam(network.graph);
            Gradients gradients = network.tf.gradients(scaled, network.variables.subList(0, 4));
            List<Optimizer.GradAndVar<? extends TType>> raw = new ArrayList<>();
            List<Optimizer.GradAndVar<? extends TType>> divided = new ArrayList<>();
            List<VariableGradient> own = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Operand<TFloat32> one = network.tf.math.div(gradients.<TFloat32>dy(i), scale);
                add(raw, gradients.<TFloat32>dy(i).asOutput(), network, i);
                add(divided, one.asOutput(), network, i);
                own.add(new VariableGradient(network.variables.get(i), one));
            }
            Squisher wrong = Squisher.attach(adam.applyGradients(raw, "raw"));
            String message = assertThrows(SquisherException.class, () -> wrong.lossScale(scale))
                    .getMessage();
            assertTrue(
                    message.startsWith("the gradient of 'hidden.kernel' is not divided by the loss scale 'scale'"),
                    message);
            Squisher right = Squisher.attach(new Adam(network.graph, "right", 0.1f).applyGradients(divided, "divided"))
                    .lossScale(scale);
            assertEquals(
                    List.of("the gradients are divided by the loss scale 'scale' before they are squared"),
                    right.notes());
            Squisher.attach(OwnAccumulator.of(own)).lossScale(scale);
        }
    }

    private static void add(
            List<Optimizer.GradAndVar<? extends TType>> list,
            org.tensorflow.Output<TFloat32> gradient,
            DigitsNetwork network,
            int variable) {
        list.add(new Optimizer.GradAndVar<>(
                gradient, network.variables.get(variable).asOutput()));
    }
}
