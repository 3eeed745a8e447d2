package io.squisher.format.pytorch;

import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import io.squisher.format.pytorch.DistributedMetadata.Entry;
import io.squisher.format.pytorch.DistributedMetadata.Piece;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens pieces when they are read. */
final class DistributedPieces implements AutoCloseable {
    private final Map<Path, FileChannel> channels = new LinkedHashMap<>();

    Tensor tensor(Path folder, Entry entry) {
        return new PiecedTensor(folder, entry, piece -> tensor(folder, entry, piece));
    }

    private Tensor tensor(Path folder, Entry entry, Piece piece) {
        Object content = object(folder, piece);
        if (!(content instanceof TorchTensor tensor)
                || tensor.type() != entry.type().orElseThrow()
                || !Arrays.equals(
                        tensor.shape().dims(),
                        piece.sizes().stream().mapToLong(Long::longValue).toArray())) {
            throw FormatException.bad(
                    folder.resolve(piece.file()),
                    DistributedMetadata.FORMAT,
                    "at " + piece.at() + " is " + content + " where a piece " + piece.sizes() + " is expected");
        }
        return tensor;
    }

    /** What {@code torch.save} wrote as a piece. */
    Object object(Path folder, Piece piece) {
        return TorchFile.in(region(folder.resolve(piece.file())).slice(piece.at(), piece.length()))
                .root();
    }

    private synchronized FileRegion region(Path file) {
        try {
            FileChannel channel = channels.get(file);
            if (channel == null) {
                channel = FileChannel.open(file);
                channels.put(file, channel);
            }
            return new FileRegion(file, channel, 0, channel.size());
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }

    @Override
    public synchronized void close() {
        channels.values().forEach(channel -> {
            try {
                channel.close();
            } catch (IOException e) {
                // Only read from; nothing is lost.
            }
        });
        channels.clear();
    }
}
