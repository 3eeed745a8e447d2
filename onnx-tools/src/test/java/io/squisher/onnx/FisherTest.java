package io.squisher.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherSums;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry for Java users: the reference's numbers from a file and from arrays, and one line where something is wrong. */
class FisherTest {
    private final Path fixture = fixture("mlp_relu");
    private final Path model = fixture.resolve("model.onnx");
    private final Path data = fixture.resolve("data.npz");

    @TempDir
    private Path folder;

    private static Path fixture(String name) {
        try {
            return Path.of(FisherTest.class.getResource("/fixtures/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertIsReference(FisherDiagonal fisher, String kind) {
        try (FisherFile reference = FisherFile.open(fixture.resolve("fisher_" + kind + ".safetensors"))) {
            assertEquals(reference.diagonal().names(), fisher.names());
            for (String name : fisher.names()) {
                double[] expected = reference.diagonal().tensor(name).toDoubles();
                double[] values = fisher.tensor(name).toDoubles();
                for (int i = 0; i < values.length; i++) {
                    assertEquals(expected[i], values[i], 1e-3 * expected[i] + 1e-9, name);
                }
            }
        }
    }

    @Test
    void computesFromAFile() {
        assertIsReference(Fisher.of(model).data(data).compute(), "empirical");
        assertIsReference(
                Fisher.of(model).data(data).kind(new FisherKind.Exact()).compute(), "exact");
    }

    @Test
    void computesFromArrays() {
        Fisher fisher = Fisher.of(model);
        try (NpzFile npz = NpzFile.open(data)) {
            npz.arrays().forEach((name, array) -> fisher.array(name, inMemory(array)));
        }
        assertIsReference(fisher.compute(), "empirical");
    }

    /** The first axis is what this model has; on the second lie its 20 numbers, not the file's examples. */
    @Test
    void takesTheAxisOfTheExamplesOfTheModel() {
        assertIsReference(Fisher.of(model).data(data).exampleAxis("input", 0).compute(), "empirical");
        SquisherException other = assertThrows(
                SquisherException.class,
                () -> Fisher.of(model).data(data).exampleAxis("input", 1).compute());
        assertTrue(other.getMessage().contains("was exported for batches of 20"), other.getMessage());
        assertThrows(SquisherException.class, () -> Fisher.of(model).exampleAxis("input", -1));
    }

    private static Tensor inMemory(Tensor tensor) {
        return Tensor.of(tensor.type(), tensor.shape(), tensor.toBytes());
    }

    @Test
    void takesTheSettings() {
        FisherDiagonal some = Fisher.of(model)
                .data(data)
                .parameters("bias")
                .limit(7)
                .batchSize(3)
                .threads(1)
                .compute();
        assertTrue(some.names().stream().allMatch(name -> name.contains("bias")), some.toString());
        assertEquals(7, some.provenance().getExampleCount());
    }

    @Test
    void writesWhatItComputes() {
        Path target = folder.resolve("fisher.safetensors");
        FisherDiagonal computed = Fisher.of(model).data(data).writeTo(target);
        try (FisherFile file = FisherFile.open(target)) {
            for (String name : computed.names()) {
                assertArrayEquals(
                        computed.tensor(name).toDoubles(),
                        file.diagonal().tensor(name).toDoubles());
            }
        }
    }

    @Test
    void aDiagonalTellsWhatItIs() {
        String text = Fisher.of(model).data(data).compute().toString();
        assertTrue(text.startsWith("empirical Fisher over 32 examples: 6 tensors, 693 entries ("), text);
    }

    @Test
    void refusesInOneLine() throws Exception {
        Path copy = Files.copy(data, folder.resolve("copy.npz"));
        Map<String, Supplier<?>> wrong = new LinkedHashMap<>();
        wrong.put("give the examples either as a file", () -> Fisher.of(model).compute());
        wrong.put("no regular expression", () -> Fisher.of(model).parameters("["));
        wrong.put(
                "at least 1, not 0", () -> Fisher.of(model).data(data).limit(0).compute());
        wrong.put(
                "a batch has at least 1",
                () -> Fisher.of(model).data(data).batchSize(0).compute());
        wrong.put(
                "threads are counted",
                () -> Fisher.of(model).data(data).threads(-1).compute());
        wrong.put("draws at least 1", () -> new FisherKind.Sampled(0, 1));
        wrong.put("a number above 0, not NaN", () -> new Likelihood.Gaussian(Double.NaN));
        wrong.put(
                "nothing.onnx",
                () -> Fisher.of(folder.resolve("nothing.onnx")).data(data).compute());
        wrong.put("its name is that of a", () -> Fisher.of(model).data(data).writeTo(folder.resolve("fisher.onnx")));
        wrong.put("the input", () -> Fisher.of(model).data(copy).writeTo(link(copy)));
        wrong.put(
                "there is no folder",
                () -> Fisher.of(model).data(data).writeTo(folder.resolve("none/fisher.safetensors")));
        wrong.forEach((part, call) -> {
            String message =
                    assertThrows(SquisherException.class, call::get, part).getMessage();
            assertTrue(message.contains(part), message);
            assertFalse(message.contains("\n"), message);
        });
    }

    private static Path link(Path file) {
        try {
            return Files.createLink(file.resolveSibling("link.safetensors"), file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void shardsAreComputedApartAndMerged() {
        List<Path> parts = new ArrayList<>();
        for (int number = 3; number >= 1; number--) {
            Path part = folder.resolve("part-" + number + ".sums");
            FisherSums sums = Fisher.of(model).data(data).shard(number, 3).writeSumsTo(part);
            assertTrue(sums.count() == 10 || sums.count() == 11);
            parts.add(part);
        }
        Path merged = folder.resolve("merged.safetensors");
        Fisher.merge(parts, merged);
        try (FisherFile file = FisherFile.open(merged)) {
            assertIsReference(file.diagonal(), "empirical");
            assertEquals(32, file.diagonal().provenance().getExampleCount());
        }
        assertSays("of 3 shards number 1 is missing", () -> Fisher.merge(parts.subList(0, 2), merged));
        assertSays("the input", () -> Fisher.merge(parts, parts.get(0)));
        assertSays(
                "not that of the data",
                () -> Fisher.of(model).data(data).shard(1, 2).compute());
        assertSays("there is no shard 3 of 2", () -> Fisher.of(model).shard(3, 2));
    }

    @Test
    void endsWhenItIsKnown() {
        FisherDiagonal known = Fisher.of(model).data(data).until(5).compute();
        assertEquals(16, known.provenance().getExampleCount());
        assertEquals(16, known.provenance().getSamplingError().getPieces());
        assertSays("the joint Fisher is the square of one sum", () -> Fisher.of(model)
                .data(data)
                .kind(new FisherKind.Joint())
                .until(5)
                .compute());
        assertSays("above 0", () -> Fisher.of(model).until(0));
        assertSays(
                "a shard is computed whole", () -> Fisher.of(model).shard(1, 2).until(0.1));
    }

    private static void assertSays(String text, Runnable action) {
        String message = assertThrows(SquisherException.class, action::run).getMessage();
        assertTrue(message.contains(text), message);
        assertEquals(1, message.lines().count(), message);
    }
}
