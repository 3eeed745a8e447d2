package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.files.FormatException;
import io.squisher.files.Mutations;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of two ranks that {@code src/test/scripts/write_distributed_files.py} wrote. */
class DistributedCheckpointTest {
    private static final Path FILES = Path.of("src/test/resources/pytorch/distributed");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"fsdp", "titan", "accelerate", "megatron", "fsdp/__1_0.distcp"})
    void piecesAreOneTensorUnderItsParametersName(String name) {
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(name))) {
            OptimizerState state = checkpoint.optimizer();
            Map<String, Tensor> squares = state.slots().stream()
                    .collect(Collectors.toMap(slot -> slot.name().orElseThrow(), slot -> slot.accumulator()
                            .orElseThrow()));
            assertEquals(Set.of("fc.weight", "fc.bias"), squares.keySet());
            assertArrayEquals(
                    new double[] {0, 1, 2, 3, 4, 5}, squares.get("fc.weight").toDoubles());
            assertEquals(Shape.of(3, 2), squares.get("fc.weight").shape());
            assertArrayEquals(new double[] {7, 8, 9}, squares.get("fc.bias").toDoubles());
            boolean megatron = name.equals("megatron");
            assertEquals(megatron ? 0 : 5, state.facts().getStep());
            assertEquals(megatron ? 0 : 0.95, state.facts().getDecay());
            WeightSource weights = checkpoint.weights().orElseThrow();
            assertEquals(Set.of("fc.weight", "fc.bias"), weights.names());
            assertArrayEquals(
                    new double[] {-7, -8, -9}, weights.tensor("fc.bias").toDoubles());
        }
    }

    @Test
    void theWeightsOfAFolderAreAModel() {
        try (WeightSource weights = WeightFormats.open(FILES.resolve("titan"))) {
            assertArrayEquals(
                    new double[] {-0.0, -1, -2, -3, -4, -5},
                    weights.tensor("fc.weight").toDoubles());
        }
    }

    /** Pieces cut along every axis, read from every start in every length. */
    @Test
    void piecesMayBeCutAlongAnyAxis() {
        long[] dims = {2, 3, 4};
        List<DistributedMetadata.Piece> pieces = new ArrayList<>();
        for (List<Long> cut : List.of(List.of(0L, 0L), List.of(0L, 2L), List.of(1L, 0L), List.of(1L, 2L))) {
            long rows = cut.get(0) == 0 ? 1 : 2;
            pieces.add(new DistributedMetadata.Piece(
                    List.of(0L, cut.get(0), cut.get(1)), List.of(2L, rows, 2L), "f", 0, 0));
        }
        DistributedMetadata.Entry entry =
                new DistributedMetadata.Entry(List.of("w"), true, Optional.of(ElementType.U8), Shape.of(dims), pieces);
        Tensor tensor = new PiecedTensor(folder, entry, DistributedCheckpointTest::cut);
        for (int start = 0; start < 24; start++) {
            for (int length = 1; start + length <= 24; length++) {
                ByteBuffer bytes = ByteBuffer.allocate(length);
                tensor.readBytes(start, bytes);
                for (int i = 0; i < length; i++) {
                    assertEquals(start + i, bytes.get(i), "from " + start);
                }
            }
        }
    }

    /** The elements of a piece are their numbers in the whole. */
    private static Tensor cut(DistributedMetadata.Piece piece) {
        List<Long> o = piece.offsets();
        List<Long> s = piece.sizes();
        ByteBuffer bytes = ByteBuffer.allocate((int) (s.get(0) * s.get(1) * s.get(2)));
        for (long a = 0; a < s.get(0); a++) {
            for (long b = 0; b < s.get(1); b++) {
                for (long c = 0; c < s.get(2); c++) {
                    bytes.put((byte) (((a + o.get(0)) * 3 + b + o.get(1)) * 4 + c + o.get(2)));
                }
            }
        }
        bytes.flip();
        return new Tensor() {
            @Override
            public ElementType type() {
                return ElementType.U8;
            }

            @Override
            public Shape shape() {
                return Shape.of(bytes.limit());
            }

            @Override
            public void readBytes(long at, ByteBuffer target) {
                target.put(bytes.slice((int) at, target.remaining()));
            }
        };
    }

    private Path copied() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (String file : List.of(".metadata", "__0_0.distcp", "__1_0.distcp")) {
            Files.write(
                    copy.resolve(file), Files.readAllBytes(FILES.resolve("fsdp").resolve(file)));
        }
        return copy;
    }

    private static void readAll(Path path) {
        try (Checkpoint checkpoint = CheckpointFormats.open(path)) {
            checkpoint.weights().ifPresent(weights -> weights.names()
                    .forEach(name -> weights.tensor(name).toDoubles()));
            for (Slot slot : checkpoint.optimizer().slots()) {
                slot.accumulator().ifPresent(Tensor::toDoubles);
            }
        }
    }

    @Test
    void aFolderWithoutItsMetadataSaysSo() throws IOException {
        Path copy = copied();
        Files.delete(copy.resolve(".metadata"));
        for (Path path : List.of(copy, copy.resolve("__0_0.distcp"), folder)) {
            assertTrue(CheckpointFormats.recognises(path));
            String message = assertThrows(FormatException.class, () -> CheckpointFormats.open(path))
                    .getMessage();
            assertTrue(message.contains(".distcp files without .metadata"), message);
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Path copy = copied();
        Files.delete(copy.resolve("__1_0.distcp"));
        String message =
                assertThrows(FormatException.class, () -> readAll(copy)).getMessage();
        assertTrue(message.contains("__1_0.distcp': no such file"), message);
    }

    /** Bytes of the metadata, of the same length, that make it lie. */
    @ParameterizedTest
    @CsvSource({
        "__1_0.distcp, ../_0.distcp, is not in this folder",
        "__1_0.distcp, __1_0.d\0stcp, is not in this folder",
        "relative_path, relative_pass, its parts do not fit",
        "state_dict_metadata, state_dict_metatada, no lists of tensors and of places",
        "float32, float99, holds no optimizer state"
    })
    void metadataThatLieAreRefused(String from, String to, String reason) throws IOException {
        Path copy = copied();
        String text = Files.readString(copy.resolve(".metadata"), StandardCharsets.ISO_8859_1);
        Files.writeString(copy.resolve(".metadata"), text.replace(from, to), StandardCharsets.ISO_8859_1);
        String message =
                assertThrows(SquisherException.class, () -> readAll(copy)).getMessage();
        assertTrue(
                message.contains(reason) || to.equals("float99") && message.contains("no tensor of numbers"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {".metadata", "__0_0.distcp"})
    void mutationsNeverEscape(String file) throws IOException {
        Path copy = copied();
        byte[] original = Files.readAllBytes(copy.resolve(file));
        Mutations.of(original, copy.resolve(file), mutant -> readAll(copy));
    }

    @Test
    void aFullOptimizerBesideShardedWeightsIsRead() throws IOException {
        Path model = Files.createDirectories(folder.resolve("pytorch_model_fsdp_0"));
        Files.write(model.resolve("__0_0.distcp"), new byte[100]);
        Files.copy(Path.of("src/test/resources/pytorch/fsdp.pt"), folder.resolve("optimizer.bin"));
        assertFalse(DistributedCheckpoint.recognises(folder));
        try (var checkpoint = CheckpointFormats.open(folder)) {
            assertTrue(checkpoint.optimizer().isNamed());
        }
    }
}
