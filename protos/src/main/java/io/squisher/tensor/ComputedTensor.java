package io.squisher.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A tensor whose elements are computed, piece by piece, when they are read, from the elements of other tensors at the
 * same indices. Nothing of it is kept, so it may be larger than memory. The arithmetic is in double; the result is
 * rounded to the tensor's type.
 *
 * <p>The working arrays are kept for all tensors of the process: taking fresh memory for each piece would cost more than
 * the arithmetic.
 */
public final class ComputedTensor implements Tensor {
    private static final int CHUNK = 1 << 14;
    private static final Deque<Workspace> IDLE = new ArrayDeque<>();

    private final TensorSpec spec;
    private final List<Tensor> inputs;
    private final Kernel kernel;

    /** The function of elements. It may be called from several threads at once. */
    @FunctionalInterface
    public interface Kernel {
        /**
         * Computes some elements.
         *
         * @param start index of the first element in the tensor
         * @param count how many; arrays may be longer
         * @param inputs per input its elements from {@code start} on; may be overwritten
         * @param output where the results go
         */
        void compute(long start, int count, double[][] inputs, double[] output);
    }

    /**
     * A tensor of type and shape {@code spec}.
     *
     * @throws IllegalArgumentException if an input has another number of elements
     */
    public ComputedTensor(TensorSpec spec, List<Tensor> inputs, Kernel kernel) {
        this.spec = spec;
        this.inputs = List.copyOf(inputs);
        this.kernel = kernel;
        for (Tensor input : inputs) {
            if (input.size() != spec.shape().size()) {
                throw new IllegalArgumentException(spec + " cannot be computed from " + TensorSpec.of(input));
            }
        }
    }

    @Override
    public ElementType type() {
        return spec.type();
    }

    @Override
    public Shape shape() {
        return spec.shape();
    }

    @Override
    public void readBytes(long offset, ByteBuffer target) {
        int width = type().bytes();
        if (offset % width != 0 || target.remaining() % width != 0) {
            throw new IllegalArgumentException("elements of " + width + " bytes are read whole");
        }
        Workspace workspace = Workspace.take(inputs.size());
        try {
            long start = offset / width;
            while (target.hasRemaining()) {
                int count = Math.min(CHUNK, target.remaining() / width);
                for (int i = 0; i < inputs.size(); i++) {
                    workspace.read(inputs.get(i), start, count, i);
                }
                kernel.compute(start, count, workspace.inputs, workspace.output);
                store(workspace.output, count, target);
                start += count;
            }
        } finally {
            workspace.giveBack();
        }
    }

    /** As {@link #readBytes}, without the detour over bytes. */
    void readDoubles(long start, int count, double[] target, int at) {
        Workspace workspace = Workspace.take(inputs.size());
        try {
            for (int done = 0; done < count; ) {
                int piece = Math.min(CHUNK, count - done);
                for (int i = 0; i < inputs.size(); i++) {
                    workspace.read(inputs.get(i), start + done, piece, i);
                }
                kernel.compute(start + done, piece, workspace.inputs, workspace.output);
                System.arraycopy(workspace.output, 0, target, at + done, piece);
                done += piece;
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void store(double[] values, int count, ByteBuffer target) {
        ByteBuffer piece = target.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (type() == ElementType.F32) {
            for (int i = 0; i < count; i++) {
                piece.putFloat(i * 4, (float) values[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                type().putDouble(piece, i * type().bytes(), values[i]);
            }
        }
        target.position(target.position() + count * type().bytes());
    }

    @Override
    public String toString() {
        return spec.toString();
    }

    private static final class Workspace {
        final ChunkReader reader = new ChunkReader(CHUNK);
        final double[] output = new double[CHUNK];
        double[][] inputs = {};

        /** A workspace that nobody uses; one computed tensor may read another, so there can be several in a thread. */
        static Workspace take(int inputs) {
            Workspace workspace;
            synchronized (IDLE) {
                workspace = IDLE.isEmpty() ? new Workspace() : IDLE.pop();
            }
            while (workspace.inputs.length < inputs) {
                int count = workspace.inputs.length;
                workspace.inputs = java.util.Arrays.copyOf(workspace.inputs, count + 1);
                workspace.inputs[count] = new double[CHUNK];
            }
            return workspace;
        }

        void read(Tensor tensor, long start, int count, int into) {
            for (int done = 0; done < count; ) {
                done += reader.read(tensor, start + done, inputs[into], done, count - done);
            }
        }

        void giveBack() {
            synchronized (IDLE) {
                IDLE.push(this);
            }
        }
    }
}
