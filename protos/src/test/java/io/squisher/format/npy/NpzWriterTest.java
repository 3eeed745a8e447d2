package io.squisher.format.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzWriterTest {
    @Test
    void holdsAnArrayAsNumpyWritesIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("data.npz");
        NpzWriter.write(file, Map.of("labels", Tensor.of(Shape.of(1, 2), new long[] {3, -4})));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            byte[] bytes = zip.getInputStream(zip.getEntry("labels.npy")).readAllBytes();
            NpyHeader header = NpyHeader.read(file, "labels", new ByteArrayInputStream(bytes));
            assertEquals(Shape.of(1, 2), header.shape());
            ByteBuffer values = ByteBuffer.wrap(bytes, header.length(), 16).order(ByteOrder.LITTLE_ENDIAN);
            assertArrayEquals(new long[] {3, -4}, new long[] {values.getLong(), values.getLong()});
        }
    }

    @Test
    void sameArraysGiveTheSameBytes(@TempDir Path folder) throws IOException {
        Path first = folder.resolve("first.npz");
        Path second = folder.resolve("second.npz");
        Map<String, Tensor> arrays = Map.of("x", Tensor.of(Shape.of(3), 1f, 2, 3));
        NpzWriter.write(first, arrays);
        NpzWriter.write(second, arrays);
        assertEquals(-1, Files.mismatch(first, second));
    }
}
