package io.squisher.tf.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import io.squisher.tf.graph.SessionTensor;
import io.squisher.tf.slots.TrainedVariables;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
import org.tensorflow.op.Op;
import org.tensorflow.types.TFloat32;

class MaskedUpdatesTest {
    private static final Digits DIGITS = Digits.load();

    static Stream<Function<Graph, Optimizer>> optimizers() {
        return Stream.of(
                g -> new Momentum(g, 0.05f, 0.9f),
                g -> new GradientDescent(g, 0.1f),
                Adam::new,
                Adamax::new,
                Nadam::new,
                RMSProp::new,
                AdaGrad::new,
                g -> new AdaGradDA(g, 0.1f),
                g -> new AdaDelta(g, 1f),
                // Its L2 shrinkage decays weights whose gradient is 0.
                g -> new Ftrl(g, 0.1f, -0.5f, 0.1f, 0.01f, 0.01f, 0.01f));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void maskedEntriesDoNotMoveByOneBit(Function<Graph, Optimizer> optimizer) {
        try (DigitsNetwork network = DigitsNetwork.mlp(1)) {
            MaskedUpdates masked = MaskedUpdates.add(network.minimize(optimizer));
            Tensor mask = alternating(Digits.PIXELS * 16);
            try (Session session = new Session(network.graph)) {
                session.initialize();
                // Steps before, so that momentum has built up in the entries that are frozen then.
                train(network, session, masked.train(), 5);
                float[] frozen = kernel(session);
                masked.freeze(session, Map.of("hidden.kernel", mask));
                train(network, session, masked.train(), 20);
                float[] after = kernel(session);
                int moved = 0;
                for (int i = 0; i < frozen.length; i++) {
                    if (i % 2 == 0) {
                        assertEquals(
                                Float.floatToRawIntBits(frozen[i]), Float.floatToRawIntBits(after[i]), "entry " + i);
                    } else if (frozen[i] != after[i]) {
                        moved++;
                    }
                }
                assertTrue(
                        moved > 150, "only " + moved + " of 512 free entries moved, where pixels and units are alive");
            }
        }
    }

    private static Tensor alternating(int size) {
        float[] values = new float[size];
        for (int i = 1; i < size; i += 2) {
            values[i] = 1;
        }
        return Tensor.of(Shape.of(Digits.PIXELS, 16), values);
    }

    private static float[] kernel(Session session) {
        try (var result = session.runner().fetch("hidden.kernel").run()) {
            return SessionTensor.of("kernel", result.get(0)).toFloats();
        }
    }

    private static void train(DigitsNetwork network, Session session, Op step, int steps) {
        for (int i = 0; i < steps; i++) {
            Digits.Batch batch = DIGITS.batch(16, new Random(i));
            try (TFloat32 x = batch.imageTensor();
                    TFloat32 y = batch.labelTensor()) {
                session.runner()
                        .feed(network.images, x)
                        .feed(network.labels, y)
                        .addTarget(step)
                        .run();
            }
        }
    }

    @Test
    void leavesTheOptimizerVisibleToTheHook() {
        try (DigitsNetwork network = DigitsNetwork.mlp(1)) {
            MaskedUpdates masked = MaskedUpdates.add(network.minimize(Adam::new));
            assertEquals(4, TrainedVariables.updatedBy(masked.train().op()).size());
            assertNotEquals(network.train(), masked.train());
        }
    }

    @Test
    void namesParametersThatAreNotTrained() {
        try (DigitsNetwork network = DigitsNetwork.mlp(1);
                Session session = new Session(network.graph)) {
            MaskedUpdates masked = MaskedUpdates.add(network.minimize(Adam::new));
            session.initialize();
            String message = assertThrows(
                            SquisherException.class, () -> masked.freeze(session, Map.of("kernel", alternating(1024))))
                    .getMessage();
            assertTrue(message.contains("[kernel]") && message.contains("hidden.kernel"), message);
        }
    }
}
