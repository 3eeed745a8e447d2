package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;

/**
 * softmax(softcap(scale · Q Kᵀ + biases)) V per example and head, from Q [batch, heads, queries, size], K and V [batch,
 * heads, keys, size] (Vaswani et al. 2017).
 */
final class DotProductAttention {
    /** What is added where nothing shall be seen: the smallest float32, as ONNX Runtime does, so that nothing is NaN. */
    private static final double MASKED = -Float.MAX_VALUE;

    private final Decomposition d;
    private String scores;

    /** The stages by {@code qk_matmul_output_mode} of opset 23: scores, biased, capped, probabilities. */
    private final String[] stages = new String[4];

    /**
     * Starts with the scores.
     *
     * @param scale 0 for the inverse root of the head's size
     */
    DotProductAttention(Decomposition d, String q, String k, double scale) {
        this.d = d;
        String factor;
        if (scale != 0) {
            factor = d.scalar("scale", scale);
        } else {
            String size = d.op("Cast", Attributes.NONE.with("to", 1L), d.dim(q, 3));
            factor = d.op("Reciprocal", d.op("Sqrt", size));
        }
        scores = d.op("MatMul", d.op("Mul", q, factor), d.transpose(k, 0, 1, 3, 2));
        stages[0] = scores;
    }

    /** Adds a bias that is broadcast to the scores. */
    DotProductAttention plus(String bias) {
        scores = d.op("Add", scores, bias);
        return this;
    }

    /**
     * Lets query i see keys up to i + past.
     *
     * @param past an int64 scalar
     */
    DotProductAttention causal(String q, String k, String past) {
        String shape = d.op("Concat", Attributes.NONE.with("axis", 0L), d.dims(q, 2, 3), d.dims(k, 2, 3));
        String ones = d.op("Expand", d.scalar("one", 1), shape);
        String seen = d.op("Trilu", Attributes.NONE.with("upper", 0L), ones, past);
        String hidden = d.op("Sub", d.scalar("one", 1), seen);
        return plus(d.op("Mul", hidden, d.scalar("masked", MASKED)));
    }

    /** A truth value of what takes part as a bias; {@code filter} is added elsewhere. */
    static String bias(Decomposition d, String truth, double filter) {
        return d.op("Where", truth, d.scalar("zero", 0), d.scalar("filter", filter));
    }

    static String bias(Decomposition d, String truth) {
        return bias(d, truth, MASKED);
    }

    /**
     * The weighted sum of V: [batch, heads, queries, size].
     *
     * @param softcap c in c tanh(scores / c), or 0 for none
     */
    String output(String v, double softcap) {
        stages[1] = scores;
        if (softcap != 0) {
            String tanh = d.op("Tanh", d.op("Div", scores, d.scalar("softcap", softcap)));
            scores = d.op("Mul", tanh, d.scalar("softcap", softcap));
        }
        stages[2] = scores;
        stages[3] = d.op("Softmax", Attributes.NONE.with("axis", -1L), scores);
        return d.op("MatMul", stages[3], v);
    }

    /** A stage on the way, once there is an output. */
    String stage(int mode) {
        return stages[mode];
    }

    /** [batch, steps, heads · size] as [batch, heads, steps, size]. */
    static String split(Decomposition d, String x, long heads) {
        return d.transpose(d.reshape(x, 0, 0, heads, -1), 0, 2, 1, 3);
    }

    /** Output 0 of the node: [batch, heads, steps, size] as [batch, steps, heads · size]. */
    static void mergeToOutput(Decomposition d, String x) {
        d.result("Reshape", d.transpose(x, 0, 2, 1, 3), d.integers("shape", 0, 0, -1));
    }

    /** Past and present along the keys. */
    static String withPast(Decomposition d, int position, String present) {
        return d.has(position) ? d.op("Concat", Attributes.NONE.with("axis", 2L), d.in(position), present) : present;
    }
}
