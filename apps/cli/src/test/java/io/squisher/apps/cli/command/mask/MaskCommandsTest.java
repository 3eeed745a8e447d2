package io.squisher.apps.cli.command.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.format.WeightFormats;
import io.squisher.mask.MaskFile;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fine-tuned model through mask, reset, delta and apply, on a real network. */
class MaskCommandsTest {
    private static final Path BASE = Fixtures.path("lenet_cnn/model.onnx");
    private static final Path FISHER = Fixtures.path("lenet_cnn/fisher_exact.safetensors");

    @TempDir
    Path folder;

    /** The base with every weight moved. */
    private Path tuned() {
        Path file = folder.resolve("tuned.onnx");
        try (WeightSource base = WeightFormats.open(BASE)) {
            Map<String, Tensor> moved = new LinkedHashMap<>();
            for (String name : base.names()) {
                float[] values = base.tensor(name).toFloats();
                for (int i = 0; i < values.length; i++) {
                    values[i] += 1;
                }
                moved.put(name, Tensor.of(base.tensor(name).shape(), values));
            }
            base.format().write(file, base, moved, Map.of());
        }
        return file;
    }

    private static void done(Object... words) {
        Run run = Run.of(words);
        assertEquals(0, run.exitCode(), run.err());
    }

    @Test
    void keepsHalfAndComesBackFromTheDelta() {
        Path mask = folder.resolve("mask.safetensors");
        Path reset = folder.resolve("reset.onnx");
        Path delta = folder.resolve("delta.safetensors");
        Path again = folder.resolve("again.onnx");
        Path tuned = tuned();
        done("mask", "--fisher", FISHER, "--keep", "0.5", "-o", mask);
        done("reset", tuned, "--base", BASE, "--mask", mask, "-o", reset);
        done("delta", reset, "--base", BASE, "-o", delta);
        done("apply", BASE, "--delta", delta, "-o", again);

        try (WeightSource base = WeightFormats.open(BASE);
                WeightSource fine = WeightFormats.open(tuned);
                WeightSource kept = WeightFormats.open(reset);
                WeightSource restored = WeightFormats.open(again);
                MaskFile masks = MaskFile.open(mask)) {
            long ones = 0;
            for (String name : base.names()) {
                long[] bits = masks.mask(name).toLongs();
                float[] expected = base.tensor(name).toFloats();
                for (int i = 0; i < bits.length; i++) {
                    expected[i] = bits[i] == 1 ? fine.tensor(name).toFloats()[i] : expected[i];
                    ones += bits[i];
                }
                assertArrayEquals(expected, kept.tensor(name).toFloats(), name);
                assertEquals(kept.tensor(name).toBytes(), restored.tensor(name).toBytes(), name);
            }
            assertEquals(771, ones);
        }
    }

    @Test
    void refusesMasksAndDeltasOfOtherModels() {
        Path mask = folder.resolve("mask.safetensors");
        done("mask", "--fisher", FISHER, "--keep", "0.5", "-o", mask);
        Path other = Fixtures.path("bn_cnn/model.onnx");
        Path output = folder.resolve("out.onnx");
        Run reset = Run.of("reset", other, "--base", BASE, "--mask", mask, "-o", output);
        assertEquals(1, reset.exitCode());
        assertTrue(reset.err().contains("lacks the mask's parameters '0.bias'"), reset.err());

        Path delta = folder.resolve("delta.safetensors");
        done("delta", tuned(), "--base", BASE, "-o", delta);
        Run apply = Run.of("apply", other, "--delta", delta, "-o", output);
        assertEquals(1, apply.exitCode());
        assertTrue(apply.err().contains("was not made from the weights in"), apply.err());
        assertFalse(Files.exists(output));
        assertEquals(
                1,
                Run.of("reset", BASE, "--base", BASE, "--mask", FISHER, "-o", output)
                        .exitCode());
    }
}
