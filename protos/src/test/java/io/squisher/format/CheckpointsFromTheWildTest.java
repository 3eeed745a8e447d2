package io.squisher.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Checkpoints that other people's programs wrote, in the folder {@code -Dsquisher.checkpoints}; skipped where it is not. The
 * sums were taken with numpy and h5py from the raw bytes, without this code.
 */
class CheckpointsFromTheWildTest {
    private static Path folder() {
        String folder = System.getProperty("squisher.checkpoints", "");
        assumeTrue(
                !folder.isEmpty() && Files.isDirectory(Path.of(folder)),
                "no checkpoints from the wild: give their folder with -Dsquisher.checkpoints=DIR");
        return Path.of(folder);
    }

    private static void check(
            Checkpoint checkpoint, Optional<Parameters> model, long step, Map<String, Double> expectedSums) {
        OptimizerState state = checkpoint.optimizer();
        assertEquals(step, state.facts().getStep());
        assertEquals(0.999, state.facts().getDecay());
        Map<String, Tensor> tensors = Naming.of(state, model, false).stream()
                .collect(Collectors.toMap(
                        Pairing::parameter,
                        pairing -> pairing.slot().accumulator().orElseThrow()));
        assertEquals(new TreeMap<>(expectedSums).keySet(), new TreeMap<>(tensors).keySet());
        expectedSums.forEach((name, sum) ->
                assertEquals(sum, Arrays.stream(tensors.get(name).toDoubles()).sum(), Math.abs(sum) * 1e-9, name));
    }

    @Test
    void pytorchAdam() {
        Path files = folder().resolve("torch_adam");
        try (Checkpoint checkpoint = CheckpointFormats.open(files.resolve("optimizer.pt"));
                WeightSource model = WeightFormats.open(files.resolve("params.pt"))) {
            check(
                    checkpoint,
                    Optional.of(Parameters.of(model)),
                    616,
                    Map.of(
                            "blocks.0.linear.weight", 2629143396.3476934,
                            "blocks.0.linear.bias", 658.5957263781147,
                            "blocks.1.linear.weight", 1772400873.774469,
                            "blocks.1.linear.bias", 461.50126713496087,
                            "head.weight", 28706093150.415844,
                            "head.bias", 4792.22509765625));
        }
    }

    @Test
    void pytorchSgdHasNoSquares() {
        try (Checkpoint checkpoint = CheckpointFormats.open(folder().resolve("torch_sgd/optimizer.pt"))) {
            Exception e = assertThrows(SquisherException.class, checkpoint::optimizer);
            assertTrue(e.getMessage().contains("it is of SGD, which keeps no squares of gradients"), e.getMessage());
        }
    }

    @Test
    void keras3() {
        try (Checkpoint checkpoint = CheckpointFormats.open(folder().resolve("keras3/model.keras"))) {
            check(
                    checkpoint,
                    checkpoint.weights().map(Parameters::of),
                    289,
                    Map.of(
                            "conv2d_9/kernel",
                            0.059003124308120186,
                            "conv2d_9/bias",
                            0.012175401556910881,
                            "conv2d_10/kernel",
                            0.0032707909180454955,
                            "conv2d_10/bias",
                            0.003042177989459771,
                            "conv2d_11/kernel",
                            0.0019591619606843733,
                            "conv2d_11/bias",
                            0.0011537335990255645,
                            "dense_10/kernel",
                            0.0010997179381464662,
                            "dense_10/bias",
                            0.0023875543005615896,
                            "dense_11/kernel",
                            0.0011498124061175186,
                            "dense_11/bias",
                            0.002227488439530134));
        }
    }

    @Test
    void keras2InTwoShards() {
        try (Checkpoint checkpoint = CheckpointFormats.open(folder().resolve("keras2_tf_two_shards/cp.ckpt"))) {
            check(
                    checkpoint,
                    checkpoint.weights().map(Parameters::of),
                    9380,
                    Map.of(
                            "conv2d_2/bias", 0.007884172002377454,
                            "conv2d_2/kernel", 0.01116829509726358,
                            "conv2d_3/bias", 0.000915375858085099,
                            "conv2d_3/kernel", 0.04549860271724726,
                            "dense_5/bias", 0.00014920090297212252,
                            "dense_5/kernel", 0.07563927175030216,
                            "dense_6/bias", 8.884631415639888e-05,
                            "dense_6/kernel", 0.05323005042834385));
        }
    }
}
