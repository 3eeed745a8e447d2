package io.squisher.mask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.WeightFormats;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import io.squisher.weights.WeightSource;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaFileTest {
    private static final int SIZE = 200_001;

    @TempDir
    Path folder;

    private WeightSource weights(String file, Map<String, Tensor> tensors) {
        Path path = folder.resolve(file);
        SafetensorsWriter.write(path, tensors, Map.of());
        return WeightFormats.open(path);
    }

    private static Map<String, Tensor> tensors(boolean tuned) {
        Random random = new Random(11);
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = random.nextFloat();
        }
        long[] whole = {1, Long.MAX_VALUE};
        float[] same = {1, 2};
        if (tuned) {
            // A stretch without change longer than a block, -0 for 0 and a NaN with a payload.
            for (int i = 150_000; i < SIZE; i += 3) {
                values[i] = random.nextFloat();
            }
            values[0] = Float.intBitsToFloat(0x7fc12345);
            values[1] = -0f;
            whole[1]--;
        } else {
            values[1] = 0;
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensor.of(Shape.of(SIZE), values));
        tensors.put("i", Tensor.of(Shape.of(2), whole));
        tensors.put("same", Tensor.of(Shape.of(2), same));
        return tensors;
    }

    @Test
    void givesTheModelBackBitForBit() throws java.io.IOException {
        Path path = folder.resolve("d.safetensors");
        try (WeightSource base = weights("base.safetensors", tensors(false));
                WeightSource model = weights("model.safetensors", tensors(true))) {
            Difference extent = Difference.of(model, base);
            extent.write(path);
            assertEquals(SIZE + 4, extent.total());
            assertTrue(extent.changed() > 16_000 && extent.changed() < 17_000, extent.changed() + " changed");
            assertTrue(Files.size(path) < 4 * SIZE / 5, "a delta is small");
            try (DeltaFile delta = DeltaFile.open(path)) {
                Map<String, Tensor> changed = delta.applyTo(base);
                assertEquals(java.util.Set.of("w", "i"), changed.keySet());
                assertEquals(
                        delta.modelHash(),
                        ContentHash.of(model.names(), name -> changed.getOrDefault(name, base.tensor(name))));
                ByteBuffer piece = ByteBuffer.allocate(400_000);
                changed.get("w").readBytes(4 * 77_777, piece);
                assertEquals(model.tensor("w").toBytes().slice(4 * 77_777, 400_000), piece.flip());
            }
        }
    }

    @Test
    void refusesAnotherBaseAndUnlikeModels() {
        Path path = folder.resolve("d.safetensors");
        try (WeightSource base = weights("base.safetensors", tensors(false));
                WeightSource model = weights("model.safetensors", tensors(true));
                WeightSource small = weights("small.safetensors", Map.of("w", Tensor.of(Shape.of(1), 1f)))) {
            Difference.of(model, base).write(path);
            try (DeltaFile delta = DeltaFile.open(path)) {
                SquisherException e = assertThrows(SquisherException.class, () -> delta.applyTo(model));
                assertTrue(
                        e.getMessage().contains("was not made from the weights in '" + model.path()), e.getMessage());
            }
            String message = assertThrows(SquisherException.class, () -> Difference.of(small, base))
                    .getMessage();
            assertTrue(message.contains("'i' is only in") && message.contains("'w' is F32[1] and F32"), message);
        }
    }
}
