package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;

/** Gelu and its relatives, alone or with the addition of a bias in front. */
final class FusedActivations {
    private static final Attributes BY_TANH = Attributes.NONE.with("approximate", "tanh");

    private FusedActivations() {}

    static void gelu(Decomposition d) {
        d.result("Gelu", d.in(0));
    }

    static void fastGelu(Decomposition d) {
        d.output(0, "Gelu", BY_TANH, biased(d));
    }

    static void biasGelu(Decomposition d) {
        d.result("Gelu", biased(d));
    }

    static void quickGelu(Decomposition d) {
        gated(d, 1.702f);
    }

    static void swish(Decomposition d) {
        gated(d, 1);
    }

    /** x σ(α x). */
    private static void gated(Decomposition d, float alpha) {
        String scaled = d.op("Mul", d.in(0), d.scalar("alpha", d.attributes().number("alpha", alpha)));
        d.result("Mul", d.in(0), d.op("Sigmoid", scaled));
    }

    private static String biased(Decomposition d) {
        return d.has(1) ? d.op("Add", d.in(0), d.in(1)) : d.in(0);
    }
}
