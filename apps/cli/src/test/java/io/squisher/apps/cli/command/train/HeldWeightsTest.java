package io.squisher.apps.cli.command.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.format.WeightFormats;
import io.squisher.mask.MaskFile;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that other commands make hold the weights of a training. */
class HeldWeightsTest {
    private static final Path MODEL = Fixtures.path("mlp_relu/model.onnx");
    private static final Path FISHER = Fixtures.path("mlp_relu/fisher_exact.safetensors");

    @TempDir
    Path folder;

    private static void done(Object... words) {
        Run run = Run.of(words);
        assertEquals(0, run.exitCode(), run.err());
    }

    private Path trained(String name, Object... more) {
        Path tuned = folder.resolve(name);
        done(Stream.concat(
                        Stream.of(
                                "train",
                                MODEL,
                                "--data",
                                Fixtures.path("mlp_relu/data.npz"),
                                "--epochs",
                                20,
                                "--learning-rate",
                                "1e-3",
                                "-o",
                                tuned),
                        Stream.of(more))
                .toArray());
        return tuned;
    }

    @Test
    void onlyTheEntriesOfAMaskAreTrained() {
        Path mask = folder.resolve("mask.safetensors");
        done("mask", "--fisher", FISHER, "--keep", "0.25", "-o", mask);
        try (MaskFile masks = MaskFile.open(mask);
                WeightSource before = WeightFormats.open(MODEL);
                WeightSource after = WeightFormats.open(trained("tuned.onnx", "--mask", mask))) {
            long moved = 0;
            long kept = 0;
            for (String name : masks.masks().keySet()) {
                long[] bits = masks.mask(name).toLongs();
                float[] from = before.tensor(name).toFloats();
                float[] to = after.tensor(name).toFloats();
                for (int i = 0; i < bits.length; i++) {
                    boolean same = Float.floatToRawIntBits(from[i]) == Float.floatToRawIntBits(to[i]);
                    assertTrue(same || bits[i] == 1, name + " " + i);
                    moved += same ? 0 : 1;
                    kept += bits[i] == 0 ? 1 : 0;
                }
            }
            assertTrue(moved > 0 && kept > moved, moved + " moved, " + kept + " kept");
        }
    }

    @Test
    void thePenaltyThatEwcWritesHoldsTheWeights() {
        Path penalty = folder.resolve("penalty.safetensors");
        Path anchor = folder.resolve("anchor.safetensors");
        done("ewc", "--model", MODEL, "--fisher", FISHER, "-o", penalty, "--anchor-out", anchor);
        double free = importantMovement(trained("free.onnx"));
        double held = importantMovement(trained("held.onnx", "--ewc", penalty, "--anchor", anchor, "--lambda", "1e4"));
        assertTrue(held < free / 2, held + " against " + free);
    }

    /** Σ F (θ − θ*)². */
    private static double importantMovement(Path tuned) {
        double sum = 0;
        try (WeightSource before = WeightFormats.open(MODEL);
                WeightSource after = WeightFormats.open(tuned);
                WeightSource fisher = WeightFormats.open(FISHER)) {
            for (String name : fisher.names()) {
                double[] from = before.tensor(name).toDoubles();
                double[] to = after.tensor(name).toDoubles();
                double[] importance = fisher.tensor(name).toDoubles();
                for (int i = 0; i < from.length; i++) {
                    sum += importance[i] * (to[i] - from[i]) * (to[i] - from[i]);
                }
            }
        }
        return sum;
    }
}
