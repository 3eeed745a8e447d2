package io.squisher.onnx.evaluator;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A list of operators and their kernels; an operator of a domain is named {@code domain:Name}. */
public final class OperatorTable {
    private final Map<String, OperatorKernel> kernels = new TreeMap<>();

    /** An operator with one output. */
    public OperatorTable one(String operator, Function<OperatorCall, Value> kernel) {
        return many(operator, call -> java.util.List.of(kernel.apply(call)));
    }

    /** An operator with several outputs. */
    public OperatorTable many(String operator, OperatorKernel kernel) {
        if (kernels.put(operator, kernel) != null) {
            throw new IllegalStateException(operator + " is listed twice");
        }
        return this;
    }

    /** All operators of another table. */
    public OperatorTable all(OperatorTable other) {
        other.kernels.forEach(this::many);
        return this;
    }

    /** The kernels by operator, sorted by name. */
    public Map<String, OperatorKernel> kernels() {
        return Map.copyOf(kernels);
    }
}
