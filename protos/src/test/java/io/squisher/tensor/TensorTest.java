package io.squisher.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorTest {
    @TempDir
    Path folder;

    @Test
    void valuesComeBackInEachView() {
        Tensor tensor = Tensor.of(Shape.of(2, 2), 1.5f, -2f, 0f, 1e-40f);
        assertArrayEquals(new float[] {1.5f, -2f, 0f, 1e-40f}, tensor.toFloats());
        assertArrayEquals(new double[] {1.5, -2, 0, 1e-40f}, tensor.toDoubles());
        assertArrayEquals(new long[] {1, -2, 0, 0}, tensor.toLongs());
        assertArrayEquals(new float[] {1, 2}, Tensor.of(Shape.of(2), 1.0, 2.0).toFloats());
        assertArrayEquals(new long[] {1L << 60}, Tensor.of(Shape.of(), 1L << 60).toLongs());
    }

    @Test
    void aBufferIsTakenFromItsPositionInLittleEndian() {
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.BIG_ENDIAN);
        bytes.put(4, (byte) 1).position(4).limit(8);
        Tensor tensor = Tensor.of(ElementType.I32, Shape.of(1), bytes);
        assertArrayEquals(new long[] {1}, tensor.toLongs());
    }

    @Test
    void refusesABufferOfAnotherSize() {
        Exception e = assertThrows(
                IllegalArgumentException.class, () -> Tensor.of(ElementType.F32, Shape.of(3), ByteBuffer.allocate(8)));
        assertEquals("a tensor of F32[3] has 12 bytes, not 8", e.getMessage());
    }

    @Test
    void aFileTensorReadsAtItsPosition() throws IOException {
        Path file = fileOf(1, 2, 3, 4);
        try (FileChannel channel = FileChannel.open(file)) {
            Tensor tensor = new FileTensor(file, channel, 4, ElementType.F32, Shape.of(2));
            assertArrayEquals(new float[] {2, 3}, tensor.toFloats());
            ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            tensor.readBytes(4, last);
            assertEquals(3f, last.getFloat(0));
        }
    }

    @Test
    void aFileThatShrankIsReported() throws IOException {
        Path file = fileOf(1, 2);
        try (FileChannel channel = FileChannel.open(file)) {
            Tensor tensor = new FileTensor(file, channel, 0, ElementType.F32, Shape.of(3));
            Exception e = assertThrows(FormatException.class, tensor::toFloats);
            assertEquals("cannot read '" + file + "': the file ends at 0x8, inside a tensor", e.getMessage());
        }
    }

    @Test
    void chunksCoverATensorThatIsNoMultipleOfThem() {
        double[] values = new double[10];
        for (int i = 0; i < 10; i++) {
            values[i] = i;
        }
        Tensor tensor = Tensor.of(Shape.of(10), values);
        ChunkReader reader = new ChunkReader(4);
        double[] chunk = new double[8];
        assertEquals(4, reader.read(tensor, 0, chunk));
        assertEquals(3.0, chunk[3]);
        assertEquals(2, reader.read(tensor, 8, chunk));
        assertEquals(9.0, chunk[1]);
        assertEquals(0, reader.read(tensor, 10, chunk));
        double[] sum = {0, 0};
        reader.forEach(tensor, (i, value) -> {
            sum[0] += value;
            sum[1] += i;
        });
        assertArrayEquals(new double[] {45, 45}, sum);
    }

    @Test
    void chunksWidenEveryType() {
        for (ElementType type : ElementType.values()) {
            ByteBuffer bytes = ByteBuffer.allocate(3 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 3; i++) {
                type.putDouble(bytes, i * type.bytes(), i);
            }
            assertArrayEquals(
                    new double[] {0, 1, 2}, Tensor.of(type, Shape.of(3), bytes).toDoubles(), type.name());
        }
    }

    @Test
    void piecesCoverMoreThanOneBuffer() {
        int count = (1 << 18) + 3;
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        Tensor tensor = Tensor.of(Shape.of(count), values);
        ByteBuffer all = ByteBuffer.allocate(4 * count);
        int[] pieces = {0};
        new TensorBytes().forEachPiece(tensor, piece -> {
            all.put(piece);
            pieces[0]++;
        });
        assertEquals(tensor.toBytes(), all.flip());
        assertTrue(pieces[0] > 1, "pieces: " + pieces[0]);
    }

    @Test
    void aFailureWhileReadingAheadReachesTheCaller() {
        Shape shape = Shape.of(1 << 20);
        Tensor failing = new ComputedTensor(
                new TensorSpec(ElementType.F32, shape), List.of(), (start, count, inputs, output) -> {
                    if (start > 1 << 19) {
                        throw new SquisherException("no element " + start);
                    }
                });
        SquisherException e =
                assertThrows(SquisherException.class, () -> new TensorBytes().forEachPiece(failing, piece -> {}));
        assertTrue(e.getMessage().startsWith("no element"), e.getMessage());
    }

    @Test
    void aTensorBeyondAnArrayIsRefusedInWords() {
        Tensor huge = new FileTensor(folder, null, 0, ElementType.F32, Shape.of(1L << 32));
        Exception e = assertThrows(SquisherException.class, huge::toFloats);
        assertTrue(e.getMessage().startsWith("a tensor of F32[4294967296] is too large"), e.getMessage());
        assertThrows(SquisherException.class, huge::toBytes);
    }

    private Path fileOf(float... values) throws IOException {
        return Files.write(
                folder.resolve("values"),
                Tensor.of(Shape.of(values.length), values).toBytes().array());
    }
}
