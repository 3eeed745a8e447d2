package io.squisher.format.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that h5py wrote: see {@code src/test/scripts/write_keras_files.py}. */
class Hdf5FileTest {
    private static final Path FILES = Path.of("src/test/resources/keras");

    @TempDir
    Path folder;

    private static String refused(Path path) {
        String message =
                assertThrows(FormatException.class, () -> Hdf5File.open(path)).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith("cannot read '" + path + "': "), message);
        return message;
    }

    @Test
    void compressedValuesAreUnpacked() {
        try (Hdf5File file = Hdf5File.open(FILES.resolve("compressed.h5"))) {
            Tensor tensor = file.tensors().get("w");
            assertEquals(Shape.of(30, 100), tensor.shape());
            assertArrayEquals(IntStream.range(0, 3000).asDoubleStream().toArray(), tensor.toDoubles());
            ByteBuffer middle = ByteBuffer.allocate(7);
            tensor.readBytes(9, middle);
            assertArrayEquals(Arrays.copyOfRange(tensor.toBytes().array(), 9, 16), middle.array());
            assertEquals(ElementType.F16, file.tensors().get("half").type());
            assertArrayEquals(
                    new double[] {0, 1, 2, 3, 4, 5}, file.tensors().get("half").toDoubles());
        }
    }

    /** As h5py writes types that HDF5 does not have. */
    @Test
    void opaqueValuesOfTwoBytesAreBfloat16() {
        try (Hdf5File file = Hdf5File.open(Path.of("src/test/resources/keras3/bfloat16.h5"))) {
            Tensor tensor = file.tensors().get("layers/dense/vars/0");
            assertEquals(ElementType.BF16, tensor.type());
            assertEquals(Shape.of(3), tensor.shape());
            assertArrayEquals(new double[3], tensor.toDoubles());
        }
    }

    /** A model inside an archive, at whatever place. */
    @Test
    void aFileInsideAnotherIsReadInPlace() throws IOException {
        byte[] model = Files.readAllBytes(FILES.resolve("adam.weights.h5"));
        byte[] outer = new byte[model.length + 100];
        System.arraycopy(model, 0, outer, 37, model.length);
        Path path = Files.write(folder.resolve("outer"), outer);
        try (FileChannel channel = FileChannel.open(path);
                Hdf5File inside = Hdf5File.open(new FileRegion(path, channel, 37, model.length));
                Hdf5File alone = Hdf5File.open(FILES.resolve("adam.weights.h5"))) {
            assertEquals(alone.tensors().keySet(), inside.tensors().keySet());
            alone.tensors()
                    .forEach((name, tensor) -> assertArrayEquals(
                            tensor.toDoubles(), inside.tensors().get(name).toDoubles(), name));
        }
    }

    @Test
    void groupsInACircleAreRefused() {
        String message = refused(FILES.resolve("circle.h5"));
        assertTrue(message.contains("unsupported HDF5 file (the group '/a/b/a"), message);
    }

    @Test
    void aTerabyteInAKilobyteIsRefused() {
        String message = refused(FILES.resolve("nowhere.h5"));
        assertTrue(message.contains("the dataset 'w' of F32[524288, 524288] in a file of 1400 bytes"), message);
    }

    /** Found by fuzzing: the library took the memory that a length asked for. */
    @Test
    void lengthsThatLieTakeNoMemory() {
        refused(Path.of("src/test/resources/fuzz/length.h5"));
    }
}
