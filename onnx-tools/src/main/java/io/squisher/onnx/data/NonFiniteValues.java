package io.squisher.onnx.data;

import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/** Looks for NaN and infinity in examples, once something is wrong. */
public final class NonFiniteValues {
    private NonFiniteValues() {}

    /** The first one, in words: {@code the array 'image' holds NaN in row 3 of 'a.npz'}. */
    public static Optional<String> first(Examples examples) {
        return examples.arrays().entrySet().stream()
                .filter(entry -> entry.getValue().type().isFloating())
                .flatMap(entry -> first(examples, entry).stream())
                .findFirst();
    }

    private static Optional<String> first(Examples examples, Map.Entry<String, Tensor> array) {
        for (long row = 0; row < examples.count(); row++) {
            Tensor values = examples.batch(array.getKey(), row, 1, ElementType.F64);
            double[] numbers = values.toDoubles();
            for (double number : numbers) {
                if (!Double.isFinite(number)) {
                    return Optional.of(
                            "the array '" + array.getKey() + "' holds " + number + " in " + examples.describe(row, 1));
                }
            }
        }
        return Optional.empty();
    }
}
