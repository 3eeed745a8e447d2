package io.squisher.apps.quantization.number;

import io.squisher.tensor.ElementType;
import java.util.List;

/**
 * The two floating-point formats of 16 bits, without a scale: to nearest, ties to even. What is beyond their range becomes
 * infinite, so that its expected loss is infinite as well.
 */
public enum HalfFloat implements NumberFormat {
    /** IEEE 754 binary16. */
    FP16("fp16", ElementType.F16),
    /** The upper half of a float32. */
    BF16("bf16", ElementType.BF16);

    private final String word;
    private final ElementType type;

    HalfFloat(String word, ElementType type) {
        this.word = word;
        this.type = type;
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public List<Granularity> granularities() {
        return List.of();
    }

    /** The nearest value that the format has. */
    public double round(double value) {
        return type.round(value);
    }
}
