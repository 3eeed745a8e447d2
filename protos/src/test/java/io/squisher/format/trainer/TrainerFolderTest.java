package io.squisher.format.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.files.FormatException;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.format.WeightFormats;
import io.squisher.format.pytorch.TorchFormat;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that PyTorch wrote in the Trainer's layout: see {@code src/test/scripts/write_torch_files.py}. */
class TrainerFolderTest {
    private static final Path FILES = Path.of("src/test/resources/pytorch");

    @TempDir
    Path folder;

    private static JsonObject expected() throws IOException {
        return expected("checkpoint-3");
    }

    private static JsonObject expected(String name) throws IOException {
        return JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(name);
    }

    @Test
    void theOptimizerIsPairedWithTheWeightsBesideIt() throws IOException {
        CheckpointValues.check(CheckpointFormats.open(FILES.resolve("checkpoint-3")), expected());
    }

    /** The index sorts by name, the files do not. */
    @Test
    void weightsInSeveralFilesKeepTheirOrder() throws IOException {
        CheckpointValues.check(CheckpointFormats.open(FILES.resolve("checkpoint-4")), expected("checkpoint-4"));
        try (WeightSource weights = WeightFormats.open(FILES.resolve("checkpoint-4"))) {
            assertEquals(
                    List.of(
                            "first.weight",
                            "first.bias",
                            "norm.weight",
                            "norm.bias",
                            "second.weight",
                            "second.bias",
                            "head.weight",
                            "head.bias"),
                    List.copyOf(weights.names()));
        }
    }

    @Test
    void anIndexThatLiesIsRefused() throws IOException {
        Path index = folder.resolve("pytorch_model.bin.index.json");
        Files.copy(FILES.resolve("checkpoint-3/pytorch_model.bin"), folder.resolve("a.bin"));
        Files.writeString(index, "{\"weight_map\": {\"first.bias\": \"a.bin\", \"other\": \"a.bin\"}}");
        Exception e = assertThrows(FormatException.class, () -> WeightFormats.open(folder));
        assertEquals(
                "cannot read '" + index + "': bad index of PyTorch files (the tensor 'other' is not in 'a.bin')",
                e.getMessage());
        Files.writeString(index, "{\"weight_map\": {\"first.bias\": \"../a.bin\"}}");
        e = assertThrows(FormatException.class, () -> WeightFormats.open(folder));
        assertEquals(
                "cannot read '" + index + "': bad index of PyTorch files (the file '../a.bin' is not beside the index)",
                e.getMessage());
    }

    /**
     * As the Trainer saves now: the weights in a safetensors file, which sorts its names, so that no order is left in the folder.
     */
    private List<String> saveAsSafetensors() throws IOException {
        Files.copy(FILES.resolve("checkpoint-3/optimizer.pt"), folder.resolve("optimizer.pt"));
        try (WeightSource weights = new TorchFormat().open(FILES.resolve("checkpoint-3/pytorch_model.bin"))) {
            Map<String, Tensor> sorted = new TreeMap<>();
            weights.names().forEach(name -> sorted.put(name, weights.tensor(name)));
            SafetensorsWriter.write(folder.resolve("model.safetensors"), sorted, Map.of());
            return List.copyOf(weights.names());
        }
    }

    @Test
    void withoutAnOrderEqualShapesAreRefused() throws IOException {
        saveAsSafetensors();
        try (Checkpoint checkpoint = CheckpointFormats.open(folder)) {
            OptimizerState state = checkpoint.optimizer();
            Optional<Parameters> model = checkpoint.weights().map(Parameters::of);
            Exception e = assertThrows(SquisherException.class, () -> Naming.of(state, model, false));
            assertEquals(
                    "several parameters share a shape and '" + folder.resolve("model.safetensors")
                            + "' does not keep their"
                            + " order: [4] (4 accumulators, 4 parameters); give the names in the model's order with"
                            + " --names",
                    e.getMessage());
        }
    }

    /** The model's order, as {@code named_parameters()} gives it; the two groups follow from the names. */
    @Test
    void theModelsOrderIsEnoughForTwoGroups() throws IOException {
        List<String> names = saveAsSafetensors();
        try (Checkpoint checkpoint = CheckpointFormats.open(folder)) {
            Parameters model = Parameters.of(checkpoint.weights().orElseThrow()).inOrderOf(names);
            List<Pairing> pairings = Naming.of(checkpoint.optimizer(), Optional.of(model), false);
            CheckpointValues.values(pairings, expected());
            assertEquals(
                    "order of the groups with and without weight decay (Trainer, by names)",
                    pairings.get(0).reason());
        }
    }

    @Test
    void damagedWeightsBesideASoundOptimizerAreRefused() throws IOException {
        saveAsSafetensors();
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length - 1));
        Exception e = assertThrows(FormatException.class, () -> CheckpointFormats.open(folder));
        assertTrue(
                e.getMessage().startsWith("cannot read '" + weights + "': bad safetensors file (truncated: tensor "),
                e.getMessage());
    }

    @Test
    void aFolderWithoutOptimizerIsNone() {
        assertFalse(TrainerFolder.recognises(FILES));
    }
}
