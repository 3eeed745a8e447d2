package io.squisher.format.pytorch;

import io.squisher.files.FormatException;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TypedTensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A tensor in pieces of several files, which are opened when they are read. Nothing of it is kept. */
final class PiecedTensor extends TypedTensor {
    private final Path path;
    private final List<DistributedMetadata.Piece> pieces;
    private final Function<DistributedMetadata.Piece, Tensor> open;

    /** Reading goes on where it ended: the piece that was opened last, with its content. */
    private volatile Opened last;

    private record Opened(DistributedMetadata.Piece piece, Tensor tensor) {}

    PiecedTensor(Path path, DistributedMetadata.Entry entry, Function<DistributedMetadata.Piece, Tensor> open) {
        super(entry.type().orElseThrow(), entry.shape());
        this.path = path;
        this.pieces = entry.pieces();
        this.open = open;
    }

    @Override
    public void readBytes(long at, ByteBuffer target) {
        int width = type().bytes();
        long position = at;
        Opened opened = last;
        while (target.hasRemaining()) {
            long[] index = index(position / width);
            if (opened == null || !holds(opened.piece(), index)) {
                DistributedMetadata.Piece next = pieceOf(index);
                opened = new Opened(next, open.apply(next));
                last = opened;
            }
            DistributedMetadata.Piece piece = opened.piece();
            long skipped = position % width;
            long bytes = Math.min(target.remaining(), run(piece, index) * width - skipped);
            int limit = target.limit();
            target.limit(target.position() + (int) bytes);
            opened.tensor().readBytes(inside(piece, index) * width + skipped, target);
            target.limit(limit);
            position += bytes;
        }
    }

    private long[] index(long element) {
        long[] index = new long[shape().rank()];
        long rest = element;
        for (int axis = shape().rank() - 1; axis >= 0; axis--) {
            index[axis] = rest % shape().dim(axis);
            rest /= shape().dim(axis);
        }
        return index;
    }

    private DistributedMetadata.Piece pieceOf(long... index) {
        return pieces.stream()
                .filter(piece -> holds(piece, index))
                .findFirst()
                .orElseThrow(() -> FormatException.bad(
                        path,
                        DistributedMetadata.FORMAT,
                        "pieces of a tensor " + shape() + " overlap and leave a hole"));
    }

    private static boolean holds(DistributedMetadata.Piece piece, long... index) {
        for (int axis = 0; axis < index.length; axis++) {
            long inside = index[axis] - piece.offsets().get(axis);
            if (inside < 0 || inside >= piece.sizes().get(axis)) {
                return false;
            }
        }
        return true;
    }

    /** Elements from this one on that follow each other in the tensor and in the piece. */
    private long run(DistributedMetadata.Piece piece, long... index) {
        long inner = 1;
        long before = 0;
        int axis = shape().rank() - 1;
        while (axis > 0 && piece.sizes().get(axis) == shape().dim(axis)) {
            before += index[axis] * inner;
            inner *= shape().dim(axis);
            axis--;
        }
        return axis < 0 ? 1 : (piece.offsets().get(axis) + piece.sizes().get(axis) - index[axis]) * inner - before;
    }

    private static long inside(DistributedMetadata.Piece piece, long... index) {
        long element = 0;
        for (int axis = 0; axis < index.length; axis++) {
            element = element * piece.sizes().get(axis)
                    + index[axis]
                    - piece.offsets().get(axis);
        }
        return element;
    }
}
