package io.squisher.tf.slots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.graph.SessionTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
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

/** Each optimizer of TensorFlow Java's framework, against a replay of its accumulator in plain Java. */
class OptimizersTest {
    private static final int STEPS = 300;
    private static final long SEED = 5;
    private static final Digits DIGITS = Digits.load();

    /** What the table should find: NaN decay for a sum, -1 steps where the graph has no count. */
    private record Case(String name, Function<Graph, Optimizer> optimizer, float decay, double initial, long steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> usable() {
        float sum = Float.NaN;
        return Stream.of(
                new Case("Adam", Adam::new, 0.999f, 0, STEPS),
                new Case("Nadam", Nadam::new, 0.999f, 0, STEPS),
                new Case("RMSProp", RMSProp::new, 0.9f, 1, -1),
                new Case("RMSProp", g -> new RMSProp(g, 0.001f, 0.95f, 0.5f, 1e-7f, true), 0.95f, 1, -1),
                new Case("AdaDelta", AdaDelta::new, 0.95f, 0, -1),
                new Case("AdaGrad", AdaGrad::new, sum, 0.01f, -1),
                new Case("AdaGradDA", g -> new AdaGradDA(g), sum, 0.1f, STEPS),
                new Case("Ftrl", Ftrl::new, sum, 0.1f, -1));
    }

    @ParameterizedTest
    @MethodSource("usable")
    void findsTheAccumulatorThatAReplayPredicts(Case test) {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            network.minimize(test.optimizer);
            List<TrainedVariable> variables = TrainedVariables.in(network.graph);
            assertEquals(4, variables.size());
            OptimizerState state = OptimizerState.of(variables).get(0);
            assertEquals(test.name, state.optimizer());
            assertEquals(test.initial, state.initialValue());
            try (Session session = new Session(network.graph)) {
                session.initialize();
                Map<String, double[]> replayed = train(network, session, variables, test);
                assertEquals(
                        Float.isNaN(test.decay) ? OptionalDouble.empty() : OptionalDouble.of(test.decay),
                        state.decay(session));
                assertEquals(test.steps < 0 ? OptionalLong.empty() : OptionalLong.of(test.steps), state.step(session));
                try (Harvest harvest = Harvest.of(session, variables)) {
                    harvest.accumulators().forEach((name, tensor) -> assertClose(name, replayed.get(name), tensor));
                }
            }
        }
    }

    private static Map<String, double[]> train(
            DigitsNetwork network, Session session, List<TrainedVariable> variables, Case test) {
        Map<String, double[]> replayed = new HashMap<>();
        Random random = new Random(SEED);
        for (int step = 0; step < STEPS; step++) {
            Digits.Batch batch = DIGITS.batch(16, random);
            Session.Runner runner = session.runner().addTarget(network.train());
            variables.forEach(variable -> runner.fetch(variable.gradient()));
            try (TFloat32 x = batch.imageTensor();
                    TFloat32 y = batch.labelTensor();
                    var result = runner.feed(network.images, x)
                            .feed(network.labels, y)
                            .run()) {
                for (int i = 0; i < variables.size(); i++) {
                    double[] g = SessionTensor.of("gradient", result.get(i)).toDoubles();
                    double[] v =
                            replayed.computeIfAbsent(variables.get(i).name(), name -> filled(g.length, test.initial));
                    for (int k = 0; k < g.length; k++) {
                        v[k] = Float.isNaN(test.decay)
                                ? v[k] + g[k] * g[k]
                                : test.decay * v[k] + (1 - (double) test.decay) * g[k] * g[k];
                    }
                }
            }
        }
        return replayed;
    }

    private static double[] filled(int size, double value) {
        double[] values = new double[size];
        java.util.Arrays.fill(values, value);
        return values;
    }

    private static void assertClose(String name, double[] expected, Tensor tensor) {
        double[] actual = tensor.toDoubles();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-5 * expected[i] + 1e-30, name + "[" + i + "], seed " + SEED);
        }
    }

    static Stream<Case> unusable() {
        return Stream.of(
                new Case("Adamax", Adamax::new, 0, 0, 0),
                new Case("Momentum", Momentum::new, 0, 0, 0),
                new Case("SGD", GradientDescent::new, 0, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void refusesWhatKeepsNoSquaredGradients(Case test) {
        try (DigitsNetwork network = DigitsNetwork.mlp(SEED)) {
            network.minimize(test.optimizer);
            String message = assertThrows(SquisherException.class, () -> TrainedVariables.in(network.graph))
                    .getMessage();
            assertTrue(message.startsWith("the graph trains with " + test.name + " (it keeps"), message);
        }
    }
}
