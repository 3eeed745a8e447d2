package io.squisher.onnx.evaluator.testdata;

import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;
import java.util.Optional;

/**
 * How far a value in double precision may be from a stored one of narrower type: |actual - expected| ≤ {@code relative} ·
 * max(|expected|, {@code ofLargest} · max|expected|) + {@code absolute}. Integers and booleans are equal.
 */
public record Tolerance(double relative, double ofLargest, double absolute) {
    /** Stored numbers are float32 results of NumPy or PyTorch, so sums carry float32 rounding of their largest terms. */
    private static final Tolerance FLOAT32 = new Tolerance(1e-5, 0.1, 1e-7);

    private static final Tolerance FLOAT16 = new Tolerance(1e-3, 0.1, 1e-6);

    private static final Tolerance BFLOAT16 = new Tolerance(8e-3, 0.1, 1e-6);

    /** What the type of the stored value asks for. */
    public static Tolerance of(Value expected) {
        return switch (expected.type()) {
            case F16 -> FLOAT16;
            case BF16 -> BFLOAT16;
            default -> FLOAT32;
        };
    }

    /** What is wrong with {@code actual}, or nothing. */
    public Optional<String> difference(Value expected, Value actual) {
        if (actual.type() != expected.type() || !Arrays.equals(actual.dims(), expected.dims())) {
            return Optional.of("expected " + expected + ", got " + actual);
        }
        if (!expected.isFloating()) {
            return Arrays.equals(expected.longs(), actual.longs())
                    ? Optional.empty()
                    : Optional.of("expected " + Arrays.toString(expected.longs()) + ", got "
                            + Arrays.toString(actual.longs()));
        }
        double largest = Arrays.stream(expected.doubles())
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        for (int i = 0; i < expected.size(); i++) {
            double wanted = expected.doubleAt(i);
            double got = actual.doubleAt(i);
            double allowed = relative * Math.max(Math.abs(wanted), ofLargest * largest) + absolute;
            boolean same = Double.compare(wanted, got) == 0 || wanted == got;
            if (!same && !(Math.abs(wanted - got) <= allowed)) {
                return Optional.of("element " + i + " of " + expected + ": expected " + wanted + ", got " + got);
            }
        }
        return Optional.empty();
    }
}
