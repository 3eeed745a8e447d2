package io.squisher.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Passes over the raw bytes of tensors, in order: where they lie if they are in memory, else through a few kept buffers. While
 * one piece is consumed (written to disk, say), the next are read or computed by other threads. Not for several threads at once.
 */
public final class TensorBytes {
    private static final int PIECE = 1 << 18;

    private final Deque<ByteBuffer> idle = new ArrayDeque<>();

    /**
     * Calls {@code consumer} with piece after piece of the tensor's bytes; a piece is valid only during the call. Where the file has a
     * checksum it is verified on the way: what the consumer was given counts only if this method returns.
     */
    public void forEachPiece(Tensor tensor, Consumer<ByteBuffer> consumer) {
        if (!(tensor instanceof ChecksummedTensor stored) || stored.isVerified()) {
            pass(tensor, consumer);
            return;
        }
        CRC32C checksum = new CRC32C();
        pass(stored.unverified(), piece -> {
            checksum.update(piece.duplicate());
            consumer.accept(piece);
        });
        stored.check(checksum.getValue());
    }

    private void pass(Tensor tensor, Consumer<ByteBuffer> consumer) {
        long total = tensor.byteSize();
        if (total > 0 && tensor.view(0, 0).isPresent()) {
            inPlace(tensor, consumer);
        } else if (total <= PIECE || ReadAhead.isOneOfItsThreads()) {
            inTurn(tensor, consumer);
        } else {
            ahead(tensor, consumer);
        }
    }

    /**
     * Applies a function to each of some tensors, to as many at a time as there are processors: the way to read many that need
     * no order, since each thread keeps what it has just read in its processor's cache.
     *
     * @return the results, in the tensors' order
     */
    public static <T> List<T> forEach(List<Tensor> tensors, Function<Tensor, T> function) {
        if (ReadAhead.isOneOfItsThreads()) {
            return tensors.stream().map(function).toList();
        }
        List<CompletableFuture<T>> coming = tensors.stream()
                .map(tensor -> ReadAhead.start(() -> function.apply(tensor)))
                .toList();
        try {
            return coming.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        } finally {
            // Nobody else may read a tensor once this method is left.
            coming.forEach(result -> result.handle((value, failure) -> value).join());
        }
    }

    private static void inPlace(Tensor tensor, Consumer<ByteBuffer> consumer) {
        for (long at = 0; at < tensor.byteSize(); at += PIECE) {
            int length = (int) Math.min(PIECE, tensor.byteSize() - at);
            consumer.accept(tensor.view(at, length).orElseThrow());
        }
    }

    private void inTurn(Tensor tensor, Consumer<ByteBuffer> consumer) {
        ByteBuffer buffer = take();
        for (long at = 0; at < tensor.byteSize(); at += PIECE) {
            consumer.accept(fill(tensor, at, buffer));
        }
        idle.push(buffer);
    }

    private void ahead(Tensor tensor, Consumer<ByteBuffer> consumer) {
        Deque<CompletableFuture<ByteBuffer>> coming = new ArrayDeque<>();
        long next = 0;
        try {
            while (next < tensor.byteSize() || !coming.isEmpty()) {
                while (next < tensor.byteSize() && coming.size() < ReadAhead.PIECES) {
                    long at = next;
                    ByteBuffer buffer = take();
                    coming.add(ReadAhead.start(() -> fill(tensor, at, buffer)));
                    next += PIECE;
                }
                ByteBuffer piece = coming.remove().join();
                consumer.accept(piece);
                idle.push(piece);
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        } finally {
            // Nobody else may write into a buffer or read the tensor once this method is left.
            coming.forEach(piece -> piece.handle((buffer, failure) -> buffer).join());
        }
    }

    private ByteBuffer take() {
        return idle.isEmpty() ? ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN) : idle.pop();
    }

    private static ByteBuffer fill(Tensor tensor, long at, ByteBuffer buffer) {
        buffer.clear().limit((int) Math.min(PIECE, tensor.byteSize() - at));
        tensor.readBytes(at, buffer);
        return buffer.flip();
    }
}
