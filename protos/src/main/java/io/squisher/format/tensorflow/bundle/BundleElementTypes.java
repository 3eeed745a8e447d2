package io.squisher.format.tensorflow.bundle;

import io.squisher.tensor.ElementType;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** TensorFlow's numbers of the element types. */
final class BundleElementTypes {
    /** The number of strings, which are read in a way of their own. */
    static final int STRING = 7;

    private static final Map<Integer, ElementType> BY_NUMBER = Map.ofEntries(
            Map.entry(1, ElementType.F32),
            Map.entry(2, ElementType.F64),
            Map.entry(3, ElementType.I32),
            Map.entry(4, ElementType.U8),
            Map.entry(5, ElementType.I16),
            Map.entry(6, ElementType.I8),
            Map.entry(9, ElementType.I64),
            Map.entry(10, ElementType.BOOL),
            Map.entry(14, ElementType.BF16),
            Map.entry(17, ElementType.U16),
            Map.entry(19, ElementType.F16),
            Map.entry(22, ElementType.U32),
            Map.entry(23, ElementType.U64));

    private static final Map<ElementType, Integer> NUMBERS =
            BY_NUMBER.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private BundleElementTypes() {}

    static Optional<ElementType> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    static int numberOf(ElementType type) {
        return NUMBERS.get(type);
    }
}
