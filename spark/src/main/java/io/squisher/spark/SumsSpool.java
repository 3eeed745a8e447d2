package io.squisher.spark;

import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sums in a temporary file, so that they need no heap: blocks come in any order, and are read as tensors. */
final class SumsSpool implements AutoCloseable {
    private final BlockTable table;
    private final Path folder;
    private final Path file;
    private final FileChannel channel;
    private long written;

    SumsSpool(BlockTable table) {
        this.table = table;
        folder = TemporaryFolders.create("squisher-sums");
        file = folder.resolve("sums");
        requireSpace(folder, table.elements() * Double.BYTES);
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }

    private static void requireSpace(Path folder, long bytes) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < bytes) {
                throw new SquisherException(
                        "the folder for temporary files, '" + folder.getParent() + "', has "
                                + MemoryNeeds.text(free) + " left, the sums are " + MemoryNeeds.text(bytes)
                                + "; choose another with -Djava.io.tmpdir=FOLDER in spark.driver.extraJavaOptions or spark.executor.extraJavaOptions");
            }
        } catch (IOException e) {
            throw FormatException.unwritable(folder, e);
        }
    }

    BlockTable table() {
        return table;
    }

    /** Puts a block in its place. */
    void write(int tensor, int block, byte... bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long at = table.start(tensor, block) * Double.BYTES;
        try {
            while (buffer.hasRemaining()) {
                at += channel.write(buffer, at);
            }
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
        written += bytes.length;
    }

    /**
     * The sums, readable until this is closed.
     *
     * @throws IllegalStateException if a block is missing
     */
    Map<String, Tensor> tensors(Map<String, Shape> shapes) {
        if (written != table.elements() * Double.BYTES) {
            throw new IllegalStateException(written + " bytes of sums of " + table.elements() + " elements");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < table.names().size(); i++) {
            String name = table.names().get(i);
            tensors.put(
                    name,
                    new FileTensor(file, channel, table.start(i, 0) * Double.BYTES, ElementType.F64, shapes.get(name)));
        }
        return tensors;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        } finally {
            TemporaryFolders.delete(folder);
        }
    }
}
