package io.squisher.format.tensorflow.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.files.FormatException;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.proto.tensorflow.BundleEntryProto;
import io.squisher.proto.tensorflow.BundleHeaderProto;
import io.squisher.proto.tensorflow.TensorShapeProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatWasWritten() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("z/last", Tensor.of(Shape.of(2, 3), 1f, 2f, 3f, 4f, 5f, 6f));
        tensors.put("a.scalar", Tensor.of(Shape.of(), 7L));
        tensors.put("empty", Tensor.of(Shape.of(0, 4), new float[0]));
        tensors.put("wide", Tensor.of(Shape.of(1), 1e-300));
        BundleWriter.write(folder.resolve("model"), tensors);
        try (BundleFile file = BundleFile.open(folder.resolve("model"))) {
            assertEquals(List.of("a.scalar", "empty", "wide", "z/last"), List.copyOf(file.names()));
            tensors.forEach((name, tensor) -> {
                assertEquals(tensor.shape(), file.tensor(name).shape());
                assertEquals(tensor.toBytes(), file.tensor(name).toBytes(), name);
            });
        }
    }

    @Test
    void readsTablesOfManyBlocks() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < 5000; i++) {
            tensors.put("layer/with/a/long/name/" + i * 7919 % 5000 + "/kernel", Tensor.of(Shape.of(1), (float) i));
        }
        BundleWriter.write(folder.resolve("model"), tensors);
        try (BundleFile file = BundleFile.open(folder.resolve("model"))) {
            assertEquals(tensors.keySet(), file.names());
            tensors.forEach((name, tensor) ->
                    assertArrayEquals(tensor.toFloats(), file.tensor(name).toFloats()));
        }
    }

    @Test
    void readsElementsWithTheirHighestByteFirst() throws IOException {
        byte[] big = ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2).array();
        BundleEntryProto entry = BundleEntryProto.newBuilder()
                .setDtype(1)
                .setShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(2)))
                .setSize(8)
                .setCrc32C(MaskedCrc.of(big, 0, 8))
                .build();
        NavigableMap<byte[], byte[]> index = new TreeMap<>(Arrays::compareUnsigned);
        index.put(
                new byte[0],
                BundleHeaderProto.newBuilder()
                        .setNumShards(1)
                        .setEndianness(BundleHeaderProto.Endianness.BIG)
                        .build()
                        .toByteArray());
        index.put("w".getBytes(StandardCharsets.UTF_8), entry.toByteArray());
        Files.write(folder.resolve("model.index"), SortedTableWriter.write(index));
        Files.write(folder.resolve("model.data-00000-of-00001"), big);
        try (BundleFile file = BundleFile.open(folder.resolve("model"))) {
            assertArrayEquals(new float[] {1.5f, -2}, file.tensor("w").toFloats());
            ByteBuffer middle = ByteBuffer.allocate(3);
            file.tensor("w").readBytes(3, middle);
            assertArrayEquals(Arrays.copyOfRange(file.tensor("w").toBytes().array(), 3, 6), middle.array());
        }
    }

    @Test
    void reportsEveryTruncationAndEveryFlippedByteOfTheIndex() throws IOException {
        BundleWriter.write(folder.resolve("model"), Map.of("w", Tensor.of(Shape.of(2), 1f, 2f)));
        Path index = folder.resolve("model.index");
        byte[] bytes = Files.readAllBytes(index);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(index, Arrays.copyOf(bytes, length));
            assertThrows(FormatException.class, () -> BundleFile.open(folder.resolve("model")), "length " + length);
        }
        Random random = new Random(1);
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= (byte) (1 + random.nextInt(255));
            Files.write(index, damaged);
            try (BundleFile file = BundleFile.open(folder.resolve("model"))) {
                // What is left unprotected is the padding of the footer.
                assertArrayEquals(new float[] {1, 2}, file.tensor("w").toFloats(), "byte " + at);
            } catch (FormatException e) {
                assertTrue(e.getMessage().startsWith("cannot read '"), e.getMessage());
            }
        }
    }

    @Test
    void reportsDamagedAndMissingData() throws IOException {
        BundleWriter.write(folder.resolve("model"), Map.of("w", Tensor.of(Shape.of(2), 1f, 2f)));
        Path data = folder.resolve("model.data-00000-of-00001");
        byte[] bytes = Files.readAllBytes(data);
        bytes[3] ^= 1;
        Files.write(data, bytes);
        try (BundleFile file = BundleFile.open(folder.resolve("model"))) {
            assertEquals(Shape.of(2), file.tensor("w").shape(), "listing reads no values");
        }
        assertTrue(failure().endsWith("bad TensorFlow checkpoint (wrong checksum of tensor 'w')"), failure());
        Files.write(data, new byte[7]);
        assertTrue(failure().contains("tensor 'w' ends at 8, the file at 7"), failure());
        Files.delete(data);
        assertTrue(failure().endsWith("no such file"), failure());
        Files.writeString(folder.resolve("model.index"), "a text file that is longer than the footer of a table is");
        assertTrue(failure().contains("not a TensorFlow checkpoint index (it is text; give"), failure());
    }

    private String failure() {
        return assertThrows(FormatException.class, () -> {
                    try (BundleFile file = BundleFile.open(folder.resolve("model"))) {
                        file.tensor("w").toBytes();
                    }
                })
                .getMessage();
    }

    /** The checksum is verified on the way, and what was written until then is gone. */
    @Test
    void damageThatIsFoundWhileWritingLeavesNothing() throws IOException {
        float[] values = new float[1 << 18];
        BundleWriter.write(folder.resolve("model"), Map.of("w", Tensor.of(Shape.of(values.length), values)));
        Path data = folder.resolve("model.data-00000-of-00001");
        byte[] bytes = Files.readAllBytes(data);
        bytes[bytes.length - 1] ^= 1;
        Files.write(data, bytes);
        Path out = folder.resolve("out.safetensors");
        try (BundleFile file = BundleFile.open(folder.resolve("model"))) {
            Map<String, Tensor> tensors = Map.of("w", file.tensor("w"));
            Exception e = assertThrows(FormatException.class, () -> SafetensorsWriter.write(out, tensors, Map.of()));
            assertTrue(e.getMessage().endsWith("(wrong checksum of tensor 'w')"), e.getMessage());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void replacesTensorsOfACheckpoint() {
        Tensor kept = Tensor.of(Shape.of(1), 5f);
        BundleWriter.write(folder.resolve("a"), Map.of("w", Tensor.of(Shape.of(2), 1f, 2f), "kept", kept));
        try (WeightSource a = WeightFormats.open(folder.resolve("a.index"))) {
            a.format().write(folder.resolve("b.index"), a, Map.of("w", Tensor.of(Shape.of(2), 8f, 9f)), Map.of());
        }
        try (WeightSource b = WeightFormats.open(folder.resolve("b.index"))) {
            assertArrayEquals(new float[] {8, 9}, b.tensor("w").toFloats());
            assertArrayEquals(kept.toFloats(), b.tensor("kept").toFloats());
        }
    }

    @Test
    void readsACheckpointOfKerasInTwoShards() {
        String checkpoints = System.getProperty("squisher.checkpoints", "");
        Path prefix = Path.of(checkpoints, "keras2_tf_two_shards", "cp.ckpt");
        assumeTrue(
                Files.exists(BundleFile.indexOf(prefix)), "no checkpoints from the wild (-Dsquisher.checkpoints=DIR)");
        try (BundleFile file = BundleFile.open(prefix)) {
            List<String> averages = file.names().stream()
                    .filter(name -> name.endsWith(".OPTIMIZER_SLOT/optimizer/v/.ATTRIBUTES/VARIABLE_VALUE"))
                    .collect(Collectors.toList());
            assertEquals(8, averages.size(), "kernels and biases of four layers");
            for (String name : averages) {
                for (float value : file.tensor(name).toFloats()) {
                    assertTrue(value >= 0, name);
                }
            }
            assertEquals(
                    ElementType.I64,
                    file.tensor("optimizer/iter/.ATTRIBUTES/VARIABLE_VALUE").type());
            byte[] graph = file.strings("_CHECKPOINTABLE_OBJECT_GRAPH").get(0);
            assertTrue(new String(graph, StandardCharsets.ISO_8859_1).contains("optimizer"));
            copyKeepsEverything(file);
        }
    }

    private void copyKeepsEverything(BundleFile original) {
        try (WeightSource source = WeightFormats.open(original.path())) {
            source.format().write(folder.resolve("copy.index"), source, Map.of(), Map.of());
        }
        try (BundleFile copy = BundleFile.open(folder.resolve("copy"))) {
            assertEquals(original.entries().keySet(), copy.entries().keySet());
            assertArrayEquals(
                    original.strings("_CHECKPOINTABLE_OBJECT_GRAPH").get(0),
                    copy.strings("_CHECKPOINTABLE_OBJECT_GRAPH").get(0));
        }
    }
}
