package io.squisher.tensor;

import java.util.Collection;
import java.util.OptionalDouble;

/** Looks for tensors that hold one value alone. */
public final class ConstantTensors {
    private static final int FIRST_LOOK = 64;

    private ConstantTensors() {}

    /**
     * The one value of all elements of all tensors. Reading ends at the first element that differs.
     *
     * @return empty where two elements differ, or there is no element
     */
    public static OptionalDouble value(Collection<Tensor> tensors) {
        OptionalDouble only = OptionalDouble.empty();
        for (Tensor tensor : tensors) {
            if (tensor.size() == 0) {
                continue;
            }
            OptionalDouble value = value(tensor);
            if (value.isEmpty() || only.isPresent() && only.getAsDouble() != value.getAsDouble()) {
                return OptionalDouble.empty();
            }
            only = value;
        }
        return only;
    }

    /** The one value of all elements of {@code tensor}; empty where two differ, or there is none. */
    public static OptionalDouble value(Tensor tensor) {
        // Whoever uses the values will verify them: a look at the start is not worth reading all of them first.
        Tensor read = tensor instanceof ChecksummedTensor stored ? stored.unverified() : tensor;
        ChunkReader reader = ChunkReader.upTo(read.size());
        // Most tensors differ within their first elements.
        double[] chunk = new double[(int) Math.min(read.size(), FIRST_LOOK)];
        double first = Double.NaN;
        long at = 0;
        for (int count = reader.read(read, at, chunk); count > 0; count = reader.read(read, at, chunk)) {
            first = at == 0 ? chunk[0] : first;
            for (int i = 0; i < count; i++) {
                if (chunk[i] != first) {
                    return OptionalDouble.empty();
                }
            }
            at += count;
            if (at == chunk.length) {
                chunk = new double[(int) Math.min(read.size(), ChunkReader.DEFAULT_ELEMENTS)];
            }
        }
        return at == 0 ? OptionalDouble.empty() : OptionalDouble.of(first);
    }
}
