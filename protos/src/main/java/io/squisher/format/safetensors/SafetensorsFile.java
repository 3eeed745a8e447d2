package io.squisher.format.safetensors;

import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.tensor.FileTensor;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An open safetensors file of any size: names, shapes and metadata are in memory, values are read when asked for.
 *
 * <p>The header is checked whole before any value is handed out: bounds, overlaps, holes, duplicate names, and sizes
 * against shapes.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** The format's name in messages. */
    static final String FORMAT = "safetensors file";

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final Map<String, Tensor> tensors;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header) {
        this.path = path;
        this.channel = channel;
        this.header = header;
        Map<String, Tensor> open = new LinkedHashMap<>();
        header.entries()
                .forEach((name, entry) -> open.put(
                        name,
                        new FileTensor(
                                path, channel, header.dataStart() + entry.begin(), entry.type(), entry.shape())));
        this.tensors = Collections.unmodifiableMap(open);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws FormatException if it is missing, not a safetensors file, or damaged
     */
    public static SafetensorsFile open(Path path) {
        try (Opening opening = new Opening()) {
            if (Files.isDirectory(path)) {
                throw FormatException.unreadable(path, new IOException("it is a folder"));
            }
            FileChannel channel = opening.add(FileChannel.open(path, StandardOpenOption.READ));
            return opening.keep(new SafetensorsFile(path, channel, SafetensorsHeader.read(path, channel)));
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    public Path path() {
        return path;
    }

    /** The tensors by name, in the header's order; readable until {@link #close()}. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /** The header's {@code __metadata__}. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }
}
