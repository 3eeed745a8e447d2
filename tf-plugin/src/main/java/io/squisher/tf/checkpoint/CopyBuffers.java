package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import io.squisher.tf.graph.SessionTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory that takes copies of a session's variables, save after save. It is kept, since the first touch of fresh memory costs
 * more than the copy itself; what it held is overwritten by the next save. Not for several threads.
 */
final class CopyBuffers {
    private static final int PIECE = 4 << 20;

    private final Map<String, ByteBuffer> buffers = new HashMap<>();

    /** Copies of {@code tensors}, taken by all processors; they are good until the next call. */
    Map<String, Tensor> copy(Map<String, SessionTensor> tensors) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        List<Runnable> pieces = new ArrayList<>();
        buffers.keySet().retainAll(tensors.keySet());
        tensors.forEach((name, tensor) -> {
            ByteBuffer buffer = buffer(name, tensor);
            for (long at = 0; at < buffer.capacity(); at += PIECE) {
                int from = (int) at;
                int length = Math.min(PIECE, buffer.capacity() - from);
                pieces.add(() -> tensor.readBytes(from, buffer.slice(from, length)));
            }
            copies.put(name, Tensor.of(tensor.type(), tensor.shape(), buffer));
        });
        pieces.parallelStream().forEach(Runnable::run);
        return copies;
    }

    private ByteBuffer buffer(String name, SessionTensor tensor) {
        if (tensor.byteSize() > Integer.MAX_VALUE) {
            throw new SquisherException("the variable '" + name + "' of " + tensor.type() + tensor.shape()
                    + " is too large to be copied for a save in the background: save it by Squisher.save");
        }
        int size = (int) tensor.byteSize();
        return buffers.compute(
                name, (key, kept) -> kept != null && kept.capacity() == size ? kept : ByteBuffer.allocateDirect(size));
    }
}
