package io.squisher.format.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.files.Mutations;
import io.squisher.tensor.Shape;
import io.squisher.weights.WeightSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFormatTest {
    @TempDir
    Path folder;

    /** An array as numpy.lib.format describes it. */
    private static byte[] npy(String dictionary, float... values) {
        byte[] header = (dictionary + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length + 4 * values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length)
                .put(header);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static byte[] npz(byte[] array) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("w.npy"));
            zip.write(array);
        }
        return bytes.toByteArray();
    }

    private Path write(byte[] array) throws IOException {
        return Files.write(folder.resolve("a.npz"), npz(array));
    }

    private static final String HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";

    @Test
    void arraysAreTensors() throws IOException {
        try (WeightSource source = new NpzFormat().open(write(npy(HEADER, 1, 2, 3, 4)))) {
            assertEquals(List.of("w"), List.copyOf(source.names()));
            assertEquals(Shape.of(2, 2), source.tensor("w").shape());
            assertArrayEquals(new float[] {1, 2, 3, 4}, source.tensor("w").toFloats());
        }
    }

    @Test
    void wrongSizesTypesAndOrdersAreRefused() throws IOException {
        assertRefused(npy(HEADER, 1, 2, 3), "array 'w' of F32[2, 2] needs 16 bytes and has 12");
        assertRefused(npy(HEADER.replace("<f4", ">f4"), 1, 2, 3, 4), "element type '>f4'");
        assertRefused(npy(HEADER.replace("False", "True"), 1, 2, 3, 4), "Fortran order");
        assertRefused(npy(HEADER.replace("<f4", "|O"), 1, 2, 3, 4), "element type '|O'");
        assertRefused(new byte[] {1, 2, 3}, "does not start as an npy array");
    }

    @Test
    void mutationsNeverEscape() throws IOException {
        Mutations.of(npz(npy(HEADER, 1, 2, 3, 4)), folder.resolve("mutant.npz"), mutant -> {
            try (WeightSource source = new NpzFormat().open(mutant)) {
                source.names().forEach(name -> source.tensor(name).toDoubles());
            }
        });
    }

    private void assertRefused(byte[] array, String reason) throws IOException {
        Path path = write(array);
        Exception e = assertThrows(FormatException.class, () -> new NpzFormat().open(path));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }
}
