package io.squisher.format.flax;

import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.internal.msgpack.core.MessagePackException;
import io.squisher.internal.msgpack.core.MessageSizeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * An open file of {@code flax.serialization}.
 *
 * @param root names to {@code Map}, {@code Tensor}, or whatever else stands there, which is an {@code Object} without meaning
 */
record FlaxFile(Path path, FileChannel channel, Map<String, Object> root) implements AutoCloseable {
    static final String FORMAT = "Flax checkpoint";

    /**
     * Opens a file; values of arrays are read later.
     *
     * @throws FormatException if it is missing or damaged
     */
    static FlaxFile open(Path path) {
        try (Opening opening = new Opening()) {
            FileChannel channel = opening.add(FileChannel.open(path, StandardOpenOption.READ));
            FileRegion region = new FileRegion(path, channel, 0, channel.size());
            return opening.keep(new FlaxFile(path, channel, new FlaxReader(region).read()));
        } catch (MessageSizeException e) {
            throw FormatException.bad(
                    path, FORMAT, "a value is longer than 2 GiB, and Flax writes such arrays in chunks");
        } catch (MessagePackException e) {
            throw FormatException.bad(path, FORMAT, FormatException.firstLine(e));
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Only read from; nothing is lost.
        }
    }
}
