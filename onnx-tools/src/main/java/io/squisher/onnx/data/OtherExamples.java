package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Checks that examples can take the place of those that a graph was measured on. */
final class OtherExamples {
    private OtherExamples() {}

    /**
     * @param names the arrays that are fed
     * @throws SquisherException if one is missing or has rows of another shape, or a shared array has other values
     */
    static void check(Examples known, Examples others, List<String> names) {
        for (String name : names) {
            Tensor array = others.arrays().get(name);
            if (array == null) {
                throw new SquisherException("'" + others.source() + "' has no array '" + name + "', which '"
                        + known.source() + "' has; it has " + others.arrays().keySet());
            }
            Tensor first = known.arrays().get(name);
            if (!ofExample(array.shape()).equals(ofExample(first.shape()))) {
                throw new SquisherException("the array '" + name + "' of '" + others.source() + "' is "
                        + TensorSpec.of(array) + ", that of '" + known.source() + "' "
                        + TensorSpec.of(first) + "; all examples of one estimation have the same shape");
            }
        }
        requireShared(known, others);
    }

    /**
     * @throws SquisherException if an array that all examples share has other values in {@code others}
     */
    static void requireShared(Examples known, Examples others) {
        for (Map.Entry<String, Tensor> shared : known.shared().entrySet()) {
            Tensor other = others.shared().get(shared.getKey());
            if (other == null || !isSame(shared.getValue(), other)) {
                throw new SquisherException("the shared array '" + shared.getKey() + "' of '" + others.source() + "' "
                        + (other == null ? "is missing" : "has other values than that of '" + known.source() + "'")
                        + "; it is the same for all examples of one estimation");
            }
        }
    }

    private static Shape ofExample(Shape shape) {
        long[] dims = shape.dims();
        return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
    }

    private static boolean isSame(Tensor a, Tensor b) {
        return a == b
                || TensorSpec.of(a).equals(TensorSpec.of(b)) && a.toBytes().equals(b.toBytes());
    }
}
