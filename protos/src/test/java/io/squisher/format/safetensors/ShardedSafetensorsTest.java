package io.squisher.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.format.WeightFormats;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedSafetensorsTest {
    @TempDir
    Path folder;

    private static Map<String, Tensor> three() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", Tensor.of(Shape.of(2), 1f, 2));
        tensors.put("b", Tensor.of(Shape.of(3), 3f, 4, 5));
        tensors.put("c", Tensor.of(Shape.of(1), 6f));
        return tensors;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void dividesByTensorAndReadsTheFolderBack() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        ShardedSafetensorsWriter.write(index, three(), Map.of("k", "v"), 13);
        assertEquals(
                List.of(
                        "model-00001-of-00003.safetensors",
                        "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                        "model.safetensors.index.json"),
                files());
        for (Path path : List.of(index, folder)) {
            try (WeightSource source = WeightFormats.open(path)) {
                assertEquals(List.of("a", "b", "c"), List.copyOf(source.names()));
                assertArrayEquals(new float[] {3, 4, 5}, source.tensor("b").toFloats());
                assertEquals("v", source.metadata().get("k"));
            }
        }
    }

    @Test
    void oneFileBecomesShardsAndBack() {
        Path single = folder.resolve("one.safetensors");
        SafetensorsWriter.write(single, three(), Map.of());
        Path index = folder.resolve("many.safetensors.index.json");
        Path again = folder.resolve("again.safetensors");
        try (WeightSource source = WeightFormats.open(single)) {
            source.format().write(index, source, Map.of("c", Tensor.of(Shape.of(1), 7f)), Map.of());
        }
        try (WeightSource source = WeightFormats.open(index)) {
            source.format().write(again, source, Map.of(), Map.of());
        }
        try (SafetensorsFile file = SafetensorsFile.open(again)) {
            assertArrayEquals(new float[] {7}, file.tensors().get("c").toFloats());
            assertArrayEquals(new float[] {1, 2}, file.tensors().get("a").toFloats());
        }
    }

    @Test
    void aFailureLeavesNeitherShardsNorIndex() throws IOException {
        Map<String, Tensor> tensors = three();
        tensors.put(
                "d",
                new io.squisher.tensor.ComputedTensor(
                        new io.squisher.tensor.TensorSpec(io.squisher.tensor.ElementType.F32, Shape.of(1)),
                        List.of(),
                        (start, count, inputs, output) -> {
                            throw new io.squisher.SquisherException("stop");
                        }));
        Path index = folder.resolve("model.safetensors.index.json");
        assertThrows(
                io.squisher.SquisherException.class,
                () -> ShardedSafetensorsWriter.write(index, tensors, Map.of(), 13));
        assertEquals(List.of(), files());
    }

    @Test
    void refusesLyingIndexes() throws IOException {
        SafetensorsWriter.write(folder.resolve("s.safetensors"), three(), Map.of());
        refused("{\"weight_map\":{\"z\":\"s.safetensors\"}}", "the tensor 'z' is not in 's.safetensors'");
        refused("{\"weight_map\":{\"a\":\"../s.safetensors\"}}", "is not beside the index");
        // Found by fuzzing: no path may hold it.
        refused("{\"weight_map\":{\"a\":\"s\\u0000.safetensors\"}}", "is not beside the index");
        refused("{\"weight_map\":{\"a\":\"t.safetensors\"}}", "no such file");
        refused("{}", "no weight_map");
        refused("text", "no JSON object with a weight_map");
    }

    private void refused(String json, String part) throws IOException {
        Path index = Files.writeString(folder.resolve("x.safetensors.index.json"), json);
        String message = assertThrows(FormatException.class, () -> WeightFormats.open(index))
                .getMessage();
        assertTrue(message.contains(part), message);
    }
}
