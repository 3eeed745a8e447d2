package io.squisher.tensor;

import io.squisher.Counted;
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
    private final FloatKernel floatKernel;

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
     * A function that also takes the elements of float32 tensors as they are, where the result is float32 too: sparing the
     * detour over arrays of doubles makes a tensor several times as fast. Its arithmetic should be in double all the same.
     */
    public interface FloatKernel extends Kernel {
        /** As {@link Kernel#compute}, with the same result. */
        void computeFloats(FloatChunk chunk, float[] output);
    }

    /**
     * Some elements of all inputs.
     *
     * @param start index of the first element in the tensor
     * @param count how many; arrays may be longer
     * @param inputs per input its elements from {@code start} on; may be overwritten
     * @param scratch as many arrays as there are inputs, at least as long, for whatever use
     */
    public record FloatChunk(long start, int count, float[][] inputs, double[][] scratch) {}

    /**
     * A tensor of type and shape {@code spec}.
     *
     * @throws IllegalArgumentException if an input has another number of elements
     */
    public ComputedTensor(TensorSpec spec, List<Tensor> inputs, Kernel kernel) {
        this.spec = spec;
        this.inputs = List.copyOf(inputs);
        this.kernel = kernel;
        boolean floats =
                spec.type() == ElementType.F32 && inputs.stream().allMatch(input -> input.type() == ElementType.F32);
        this.floatKernel = floats && kernel instanceof FloatKernel given ? given : null;
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
            throw new IllegalArgumentException("elements of " + Counted.of(width, "byte") + " are read whole");
        }
        Workspace workspace = Workspace.take(inputs.size());
        try {
            long start = offset / width;
            while (target.hasRemaining()) {
                int count = Math.min(CHUNK, target.remaining() / width);
                if (floatKernel != null) {
                    computeFloats(workspace, start, count);
                } else {
                    compute(workspace, start, count);
                }
                store(workspace, count, target);
                start += count;
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void compute(Workspace workspace, long start, int count) {
        for (int i = 0; i < inputs.size(); i++) {
            workspace.read(inputs.get(i), start, count, i);
        }
        kernel.compute(start, count, workspace.inputs, workspace.output);
    }

    private void computeFloats(Workspace workspace, long start, int count) {
        for (int i = 0; i < inputs.size(); i++) {
            workspace.reader.readFloats(inputs.get(i), start, workspace.narrowInputs[i], count);
        }
        floatKernel.computeFloats(
                new FloatChunk(start, count, workspace.narrowInputs, workspace.inputs), workspace.narrow);
    }

    /** As {@link #readBytes}, without the detour over bytes. */
    void readDoubles(long start, int count, double[] target, int at) {
        Workspace workspace = Workspace.take(inputs.size());
        try {
            for (int done = 0; done < count; ) {
                int piece = Math.min(CHUNK, count - done);
                compute(workspace, start + done, piece);
                System.arraycopy(workspace.output, 0, target, at + done, piece);
                done += piece;
            }
        } finally {
            workspace.giveBack();
        }
    }

    private void store(Workspace workspace, int count, ByteBuffer target) {
        ByteBuffer piece = target.slice().order(ByteOrder.LITTLE_ENDIAN);
        double[] values = workspace.output;
        if (type() == ElementType.F32) {
            for (int i = 0; floatKernel == null && i < count; i++) {
                workspace.narrow[i] = (float) values[i];
            }
            piece.asFloatBuffer().put(workspace.narrow, 0, count);
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
        final float[] narrow = new float[CHUNK];
        double[][] inputs = {};
        float[][] narrowInputs = {};

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
                workspace.narrowInputs = java.util.Arrays.copyOf(workspace.narrowInputs, count + 1);
                workspace.narrowInputs[count] = new float[CHUNK];
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
