package io.squisher.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskFileTest {
    @TempDir
    Path folder;

    @Test
    void packsEightToAByteLowestFirst() {
        Path path = folder.resolve("m.safetensors");
        MaskFile.write(path, Map.of("w", Tensor.of(Shape.of(2, 5), 1f, 0, 1, 1, 0, 0, 0, 0, 0, 1)), Map.of("k", "v"));
        try (SafetensorsFile file = SafetensorsFile.open(path);
                MaskFile masks = MaskFile.open(path)) {
            assertArrayEquals(
                    new long[] {0b00001101, 0b10}, file.tensors().get("w").toLongs());
            assertArrayEquals(
                    new long[] {1, 0, 1, 1, 0, 0, 0, 0, 0, 1}, masks.mask("w").toLongs());
            assertEquals(Shape.of(2, 5), masks.mask("w").shape());
            assertEquals("v", masks.metadata().get("k"));
        }
    }

    @Test
    void comesBackBitForBitFromAnyPlace() {
        int size = 1_000_003;
        Random random = new Random(5);
        float[] bits = new float[size];
        for (int i = 0; i < size; i++) {
            bits[i] = random.nextInt(2);
        }
        Path path = folder.resolve("m.safetensors");
        MaskFile.write(path, Map.of("w", Tensor.of(Shape.of(size), bits)), Map.of());
        try (MaskFile masks = MaskFile.open(path)) {
            Tensor mask = masks.mask("w");
            assertArrayEquals(bits, mask.toFloats());
            for (int at : new int[] {1, 65_535, 65_537, 700_001}) {
                ByteBuffer piece = ByteBuffer.allocate(100_000);
                mask.readBytes(at, piece);
                for (int i = 0; i < piece.capacity(); i++) {
                    assertEquals(bits[at + i], piece.get(i), "element " + (at + i));
                }
            }
        }
    }

    @Test
    void refusesOtherFiles() {
        Path path = folder.resolve("w.safetensors");
        SafetensorsWriter.write(path, Map.of("w", Tensor.of(Shape.of(1), 1f)), Map.of());
        assertTrue(assertThrows(FormatException.class, () -> MaskFile.open(path))
                .getMessage()
                .contains("not a mask file"));
        SafetensorsWriter.write(
                path, Map.of("w", Tensor.of(Shape.of(1), 1f)), Map.of(MaskFile.SHAPES_KEY, "{\"w\":[99]}"));
        assertTrue(assertThrows(FormatException.class, () -> MaskFile.open(path))
                .getMessage()
                .contains("'w' has 4 bytes, its shape is [99]"));
    }
}
