package io.squisher.format.npy;

import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes {@code .npz} files of a few arrays, as numpy's {@code savez_compressed} does. */
public final class NpzWriter {
    /** The earliest time that a zip entry can have: the same arrays give the same bytes whenever they are written. */
    private static final long NO_TIME = 315_532_800_000L;

    private NpzWriter() {}

    /** Writes arrays by name atomically; they are in memory meanwhile. */
    public static void write(Path path, Map<String, Tensor> arrays) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
                ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
                entry.setTime(NO_TIME);
                zip.putNextEntry(entry);
                zip.write(NpyWriter.encode(array.getValue()));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw FormatException.unwritable(path, e);
        }
        AtomicFile.write(path, bytes.toByteArray());
    }
}
