package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;

/**
 * Attention since opset 23. Q, K, V have heads as their second axis, or inside their last one; fewer heads of K and V serve
 * neighbouring heads of Q. Inputs: Q, K, V, mask, past key, past value.
 */
final class StandardAttention {
    private StandardAttention() {}

    static void decompose(Decomposition d) {
        if (d.has(6)) {
            throw d.refuse("takes the number of keys that are no padding (input 6); export it with a mask instead");
        }
        boolean flat = d.rank(d.in(0), "queries") == 3;
        long queryHeads = d.attributes().integer("q_num_heads", 0);
        long keyHeads = d.attributes().integer("kv_num_heads", 0);
        String q = flat ? DotProductAttention.split(d, d.in(0), queryHeads) : d.in(0);
        String k = DotProductAttention.withPast(d, 4, flat ? DotProductAttention.split(d, d.in(1), keyHeads) : d.in(1));
        String v = DotProductAttention.withPast(d, 5, flat ? DotProductAttention.split(d, d.in(2), keyHeads) : d.in(2));
        boolean grouped = flat ? queryHeads != keyHeads : !sameHeads(d);
        DotProductAttention attention = new DotProductAttention(
                d, q, grouped ? repeated(d, q, k) : k, d.attributes().number("scale", 0));
        if (d.has(3)) {
            boolean truth = d.raiser().isBoolean(d.in(3));
            attention.plus(truth ? DotProductAttention.bias(d, d.in(3)) : d.in(3));
        }
        if (d.attributes().integer("is_causal", 0) != 0) {
            attention.causal(q, k, d.has(4) ? d.dim(d.in(4), 2) : d.integer("past", 0));
        }
        String y =
                attention.output(grouped ? repeated(d, q, v) : v, d.attributes().number("softcap", 0));
        if (flat) {
            DotProductAttention.mergeToOutput(d, y);
        } else {
            d.result("Identity", y);
        }
        String stage = attention.stage((int) d.attributes().integer("qk_matmul_output_mode", 0));
        String[] others = {k, v, stage};
        for (int i = 0; i < others.length; i++) {
            if (d.wants(i + 1)) {
                d.output(i + 1, "Identity", Attributes.NONE, others[i]);
            }
        }
    }

    private static boolean sameHeads(Decomposition d) {
        long[] q = d.raiser().declaredDims(d.in(0));
        long[] k = d.raiser().declaredDims(d.in(1));
        return q.length == 4 && k.length == 4 && q[1] > 0 && q[1] == k[1];
    }

    /** Each head of K or V as often as heads of Q share it. */
    private static String repeated(Decomposition d, String q, String x) {
        Attributes first = Attributes.NONE.with("axis", 0L);
        String repeats = d.op("Div", d.dims(q, 1, 2), d.dims(x, 1, 2));
        String expanded = d.op("Concat", first, d.dims(x, 0, 2), repeats, d.dims(x, 2, 4));
        String shape = d.op("Concat", first, d.integers("all", 0), d.dims(q, 1, 2), d.dims(x, 2, 4));
        return d.op("Reshape", d.op("Expand", d.unsqueeze(x, 2), expanded), shape);
    }
}
