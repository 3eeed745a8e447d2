package io.squisher.onnx.structure;

import java.util.Set;

/** Operators that all passes over a structure treat alike. */
final class OperatorSets {
    /** Of one tensor, each element alone. */
    static final Set<String> ELEMENTWISE = Set.of(
            "Relu",
            "LeakyRelu",
            "Sigmoid",
            "Tanh",
            "Elu",
            "Selu",
            "Celu",
            "Gelu",
            "Erf",
            "Exp",
            "Log",
            "Neg",
            "Abs",
            "Sqrt",
            "Reciprocal",
            "Clip",
            "HardSigmoid",
            "HardSwish",
            "Mish",
            "Softplus",
            "Softsign",
            "Cast",
            "Identity",
            "Dropout",
            "ThresholdedRelu",
            "Floor",
            "Ceil",
            "Sign",
            "Sin",
            "Cos");

    /** Windows over the axes after the second. */
    static final Set<String> POOLING =
            Set.of("MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool");

    private OperatorSets() {}
}
