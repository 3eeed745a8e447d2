package io.squisher.examples.checkpoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Main;
import io.squisher.examples.samples.LinearTraining;
import io.squisher.fisher.FisherFile;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
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

/** Checkpoints and SavedModels that TensorFlow Java writes, with each of its optimizers, converted by the command. */
class ConvertedCheckpointsTest {
    @TempDir
    Path folder;

    /**
     * An optimizer and what conversion must find.
     *
     * @param name the optimizer in the provenance
     * @param slot the accumulator in TensorFlow Java
     * @param decay 0 if the checkpoint does not say
     * @param steps 0 if the checkpoint does not say
     */
    private record Case(String name, String slot, Function<Graph, Optimizer> optimizer, double decay, long steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> usable() {
        return Stream.of(
                new Case("Adam", "v", Adam::new, 0.999, LinearTraining.STEPS),
                new Case("Nadam", "v", Nadam::new, 0.999, LinearTraining.STEPS),
                new Case("RMSProp", "rms", RMSProp::new, 0, 0),
                new Case("RMSProp", "rms", g -> new RMSProp(g, 0.001f, 0.95f, 0.5f, 1e-7f, true), 0, 0),
                new Case("AdaDelta", "accum", AdaDelta::new, 0, 0),
                new Case("AdaGrad", "accumulator", AdaGrad::new, 0, 0),
                new Case("AdaGradDA", "gradient_squared_accumulator", g -> new AdaGradDA(g), 0, LinearTraining.STEPS),
                new Case("Ftrl", "gradient_accumulator", Ftrl::new, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("usable")
    void everyAccumulatorComesOutAsTheSessionHasIt(Case test) throws IOException {
        Map<String, float[]> expected = LinearTraining.run(folder, test.optimizer, test.slot);
        Path output = folder.resolve("squisher.safetensors");
        for (Path checkpoint : List.of(folder.resolve("model.ckpt"), folder.resolve("saved_model"))) {
            String report = run(0, "convert", checkpoint, "--batch-size", LinearTraining.BATCH, "-o", output);
            try (FisherFile file = FisherFile.open(output)) {
                assertEquals(
                        LinearTraining.VARIABLES, Set.copyOf(file.diagonal().names()), report);
                Accumulator facts = file.diagonal().provenance().getAccumulator();
                assertEquals(test.name, facts.getOptimizer());
                assertEquals(test.decay, facts.getDecay());
                assertEquals(test.steps, facts.getStep());
                assertFalse(file.diagonal().provenance().getWeightsHash().isEmpty());
                for (String variable : LinearTraining.VARIABLES) {
                    Tensor tensor = file.diagonal().tensor(variable);
                    assertArrayEquals(expected.get(variable), tensor.toFloats(), variable);
                }
            }
        }
    }

    static Stream<Case> unusable() {
        return Stream.of(
                new Case("Adamax", "", Adamax::new, 0, 0),
                new Case("Momentum", "", Momentum::new, 0, 0),
                new Case("SGD", "", GradientDescent::new, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatKeepsNoSquaresIsRefusedInOneLine(Case test) throws IOException {
        LinearTraining.run(folder, test.optimizer, test.slot);
        String message = run(1, "convert", folder.resolve("model.ckpt"), "-o", folder.resolve("squisher.safetensors"));
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith("squisher: cannot convert '"), message);
        assertFalse(Files.exists(folder.resolve("squisher.safetensors")));
    }

    private static String run(int expectedCode, Object... words) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(text, true, StandardCharsets.UTF_8);
        String[] arguments = Stream.of(words).map(Object::toString).toArray(String[]::new);
        int code = Main.run(stream, stream, arguments);
        assertEquals(expectedCode, code, text.toString(StandardCharsets.UTF_8));
        return text.toString(StandardCharsets.UTF_8);
    }
}
