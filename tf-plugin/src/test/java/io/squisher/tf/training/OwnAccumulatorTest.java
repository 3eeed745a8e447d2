package io.squisher.tf.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import io.squisher.tf.slots.Harvest;
import io.squisher.tf.slots.TrainedVariable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
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
import org.tensorflow.types.TFloat32;

class OwnAccumulatorTest {
    private static final Digits DIGITS = Digits.load();
    private static final long SEED = 17;

    @TempDir
    private Path folder;

    static Stream<Function<Graph, Optimizer>> optimizers() {
        return Stream.of(
                g -> new GradientDescent(g, 0.1f),
                g -> new Momentum(g, 0.05f, 0.9f),
                Adamax::new,
                Adam::new,
                g -> new Nadam(g, 0.001f),
                RMSProp::new,
                AdaGrad::new,
                g -> new AdaGradDA(g),
                AdaDelta::new,
                Ftrl::new);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void averagesTheSquaredGradientsOfAnyOptimizer(Function<Graph, Optimizer> optimizer) {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            OwnAccumulator own = OwnAccumulator.add(network.minimize(optimizer), 0.98f);
            assertEquals(4, own.variables().size());
            try (Session session = new Session(network.graph)) {
                session.initialize();
                Map<String, double[]> replayed = train(network, session, own, 200);
                try (Harvest harvest = Harvest.of(session, own.variables())) {
                    harvest.accumulators().forEach((name, tensor) -> {
                        double[] expected = replayed.get(name);
                        double[] actual = tensor.toDoubles();
                        for (int i = 0; i < expected.length; i++) {
                            assertEquals(expected[i], actual[i], 1e-5 * expected[i] + 1e-30, name + ", seed " + SEED);
                        }
                    });
                }
            }
        }
    }

    private static Map<String, double[]> train(DigitsNetwork network, Session session, OwnAccumulator own, int steps) {
        Map<String, double[]> replayed = new HashMap<>();
        Random random = new Random(SEED);
        for (int step = 0; step < steps; step++) {
            Digits.Batch batch = DIGITS.batch(16, random);
            Session.Runner runner = session.runner().addTarget(own.train());
            own.variables().stream().map(TrainedVariable::gradient).forEach(runner::fetch);
            try (TFloat32 x = batch.imageTensor();
                    TFloat32 y = batch.labelTensor();
                    var result = runner.feed(network.images, x)
                            .feed(network.labels, y)
                            .run()) {
                for (int i = 0; i < own.variables().size(); i++) {
                    double[] g = SessionTensor.of("gradient", result.get(i)).toDoubles();
                    double[] v = replayed.computeIfAbsent(own.variables().get(i).name(), name -> new double[g.length]);
                    for (int k = 0; k < g.length; k++) {
                        v[k] = 0.98f * v[k] + (1 - (double) 0.98f) * g[k] * g[k];
                    }
                }
            }
        }
        return replayed;
    }

    @Test
    void isSavedWithItsOwnStepCountAndRestored() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            OwnAccumulator own = OwnAccumulator.add(network.minimize(g -> new GradientDescent(g, 0.1f)));
            Squisher squisher = Squisher.attach(own).batchSize(16);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                train(network, session, own, 5);
                squisher.save(session, folder.resolve("a"));
            }
            try (Session session = new Session(network.graph)) {
                session.restore(folder.resolve("a").toString());
                squisher.save(session, folder.resolve("b"));
            }
        }
        try (FisherFile a = FisherFile.open(Squisher.fileFor(folder.resolve("a")));
                FisherFile b = FisherFile.open(Squisher.fileFor(folder.resolve("b")))) {
            Accumulator accumulator = b.diagonal().provenance().getAccumulator();
            assertEquals(
                    List.of("own", "squared_gradient", "counter"),
                    List.of(accumulator.getOptimizer(), accumulator.getSlot(), accumulator.getStepSource()));
            assertEquals(5, accumulator.getStep());
            assertEquals(0.999f, accumulator.getDecay());
            for (String name : a.diagonal().names()) {
                assertArrayEquals(
                        a.diagonal().tensor(name).toFloats(),
                        b.diagonal().tensor(name).toFloats(),
                        name);
            }
        }
    }

    @Test
    void refusesADecayThatIsNone() {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            var train = network.minimize(Adam::new);
            String message = assertThrows(SquisherException.class, () -> OwnAccumulator.add(train, 1))
                    .getMessage();
            assertTrue(message.contains("between 0 and 1"), message);
        }
    }
}
