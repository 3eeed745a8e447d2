package io.squisher.onnx.data;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.npy.NpyHeader;
import io.squisher.internal.compress.archivers.zip.ZipArchiveEntry;
import io.squisher.internal.compress.archivers.zip.ZipFile;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * An open npz file: numpy arrays by name. Stored arrays are read at their place in the file, deflated ones as a stream,
 * so neither is ever whole in memory.
 */
public final class NpzFile implements AutoCloseable {
    private static final String FORMAT = "npz file";
    private static final String SUFFIX = ".npy";
    private static final String WAY_OUT = "numpy.savez('data.npz', **arrays) writes one";

    private final Path path;
    private final ZipFile zip;
    private final FileChannel channel;
    private final Map<String, Tensor> arrays = new LinkedHashMap<>();
    private final Map<String, String> unread = new LinkedHashMap<>();

    private NpzFile(Path path, ZipFile zip, FileChannel channel) throws IOException {
        this.path = path;
        this.zip = zip;
        this.channel = channel;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            if (entry.getName().endsWith(SUFFIX)) {
                String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
                add(name, entry);
            }
        }
    }

    /**
     * Opens a file and reads the headers of its arrays.
     *
     * @throws FormatException if it is missing, not an npz file, or damaged
     */
    public static NpzFile open(Path path) {
        try (Opening opening = new Opening()) {
            if (Files.isDirectory(path)) {
                throw new IOException("it is a folder");
            }
            FileChannel channel = opening.add(FileChannel.open(path, StandardOpenOption.READ));
            NpzFile file = opening.keep(new NpzFile(path, archive(path, channel), channel));
            if (file.arrays.isEmpty() && file.unread.isEmpty()) {
                file.close();
                throw FormatException.notA(path, FORMAT, "it holds no arrays", WAY_OUT);
            }
            return file;
        } catch (ZipException | EOFException e) {
            throw FormatException.notA(path, FORMAT, e.getMessage(), WAY_OUT);
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    private static ZipFile archive(Path path, FileChannel channel) {
        try {
            return ZipFile.builder().setSeekableByteChannel(channel).get();
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw FormatException.notA(path, FORMAT, String.valueOf(cause.getMessage()), WAY_OUT);
        }
    }

    /** Text and objects, such as the names of classes beside their numbers, are no failure as long as nobody reads them. */
    private void add(String name, ZipArchiveEntry entry) throws IOException {
        try {
            arrays.put(name, array(name, entry));
        } catch (FormatException e) {
            if (!e.isUnsupported()) {
                throw e;
            }
            unread.put(name, e.getMessage());
        }
    }

    private Tensor array(String name, ZipArchiveEntry entry) throws IOException {
        try (InputStream stream = zip.getInputStream(entry)) {
            NpyHeader header = NpyHeader.read(path, name, stream);
            long bytes = Math.multiplyExact(header.shape().size(), header.type().bytes());
            if (entry.getSize() != header.length() + bytes) {
                throw FormatException.bad(
                        path,
                        FORMAT,
                        "array '" + name + "' of " + header.type() + header.shape() + " needs "
                                + Counted.of(bytes, "byte") + " and has " + (entry.getSize() - header.length()));
            }
            if (entry.getMethod() == ZipArchiveEntry.STORED) {
                return new FileTensor(
                        path, channel, entry.getDataOffset() + header.length(), header.type(), header.shape());
            }
            return new StreamedTensor(path, zip, entry, header);
        } catch (ArithmeticException e) {
            throw FormatException.bad(path, FORMAT, "array '" + name + "': its size overflows");
        }
    }

    public Path path() {
        return path;
    }

    /** The arrays that cannot be read, with what is said when somebody wants them. */
    public Map<String, String> unread() {
        return Collections.unmodifiableMap(unread);
    }

    /** The other arrays by name, readable until {@link #close()}. */
    public Map<String, Tensor> arrays() {
        return Collections.unmodifiableMap(arrays);
    }

    @Override
    public void close() {
        try {
            zip.close();
            channel.close();
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }
}
