package io.squisher.format.npy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {
    @Test
    void followsTheFormat(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("v.npy");
        NpyWriter.write(file, Tensor.of(Shape.of(2), new double[] {1.5, -2}));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes.getShort(8);
        assertEquals(0, (10 + header) % 64, "the elements are aligned");
        assertEquals(10 + header + 16, bytes.capacity());
        String text = new String(bytes.array(), 10, header, StandardCharsets.US_ASCII);
        assertTrue(text.startsWith("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"), text);
        assertTrue(text.endsWith("\n"), text);
        assertEquals(1.5, bytes.getDouble(10 + header));
        assertEquals(-2, bytes.getDouble(10 + header + 8));
    }
}
