package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;
import java.util.List;

/** ONNX Runtime's Attention (with the projection of Q, K and V in it) and MultiHeadAttention (without). */
final class MicrosoftAttention {
    private static final float MASK_FILTER = -10000;

    /** Position of the attention's bias, the same in both. */
    private static final int BIAS = 5;

    private MicrosoftAttention() {}

    /** Inputs: X, weights, bias, mask, past, attention bias. Outputs: Y and the present keys and values, stacked. */
    static void attention(Decomposition d) {
        if (d.attributes().integer("do_rotary", 0) != 0
                || d.attributes().integer("past_present_share_buffer", 0) != 0) {
            throw d.refuse("has rotary embeddings or shared buffers fused into it; export the model without fusing");
        }
        String product = d.op("MatMul", d.in(0), d.in(1));
        String projected = d.has(2) ? d.op("Add", product, d.in(2)) : product;
        List<String> parts = d.split(projected, 3, d.attributes().integers("qkv_hidden_sizes", new long[0]));
        long heads = d.attributes().integer("num_heads", 1);
        String q = DotProductAttention.split(d, parts.get(0), heads);
        String k = DotProductAttention.split(d, parts.get(1), heads);
        String v = DotProductAttention.split(d, parts.get(2), heads);
        if (d.has(4)) {
            k = d.op("Concat", Attributes.NONE.with("axis", 2L), half(d, 0), k);
            v = d.op("Concat", Attributes.NONE.with("axis", 2L), half(d, 1), v);
        }
        if (d.wants(1)) {
            d.output(1, "Concat", Attributes.NONE.with("axis", 0L), d.unsqueeze(k, 0), d.unsqueeze(v, 0));
        }
        attend(d, q, k, v, 3);
    }

    private static String half(Decomposition d, long index) {
        return d.op("Gather", d.in(4), d.integer("half", index));
    }

    /** Inputs: Q, K, V, bias, mask, attention bias, past key, past value. */
    static void multiHead(Decomposition d) {
        if (!d.has(1) || !d.has(2)) {
            throw d.refuse("has its Q, K and V packed into one input; export the model without packing");
        }
        long heads = d.attributes().integer("num_heads", 1);
        List<String> bias = d.has(3) ? d.split(d.in(3), 3, biasSizes(d)) : List.of("", "", "");
        String q = heads(d, 0, bias.get(0), heads);
        String k = DotProductAttention.withPast(d, 6, heads(d, 1, bias.get(1), heads));
        String v = DotProductAttention.withPast(d, 7, heads(d, 2, bias.get(2), heads));
        if (d.wants(1)) {
            d.output(1, "Identity", Attributes.NONE, k);
        }
        if (d.wants(2)) {
            d.output(2, "Identity", Attributes.NONE, v);
        }
        attend(d, q, k, v, 4);
    }

    /** Widths of the joined biases, that of V where it is another one; empty for three equal ones. */
    private static long[] biasSizes(Decomposition d) {
        long[] queries = d.declaredDims(d.in(0));
        long[] all = d.declaredDims(d.in(3));
        if (queries.length != 3 || queries[2] < 0 || all.length != 1 || all[0] < 0) {
            return new long[0];
        }
        return new long[] {queries[2], queries[2], all[0] - 2 * queries[2]};
    }

    /** K and V with heads as an axis are those of an encoder: they have their bias already. */
    private static String heads(Decomposition d, int position, String bias, long heads) {
        String x = d.in(position);
        if (position > 0 && d.raiser().rank(x).orElse(3) == 4) {
            return x;
        }
        return DotProductAttention.split(d, bias.isEmpty() ? x : d.op("Add", x, bias), heads);
    }

    /** The mask is input {@code position}. */
    private static void attend(Decomposition d, String q, String k, String v, int position) {
        DotProductAttention attention =
                new DotProductAttention(d, q, k, d.attributes().number("scale", 0));
        if (d.has(BIAS)) {
            attention.plus(d.in(BIAS));
        }
        if (d.has(position)) {
            attention.plus(mask(d, d.in(position), k));
        }
        if (d.attributes().integer("unidirectional", 0) != 0) {
            attention.causal(q, k, d.op("Sub", d.dim(k, 2), d.dim(q, 2)));
        }
        DotProductAttention.mergeToOutput(d, attention.output(v, 0));
    }

    /** Lengths [batch], keys [batch, keys], or keys for each query [batch, queries, keys], as a bias. */
    private static String mask(Decomposition d, String mask, String k) {
        float filter = d.attributes().number("mask_filter_value", MASK_FILTER);
        int rank = d.rank(mask, "mask");
        if (rank == 1) {
            String lengths = d.unsqueeze(d.op("Cast", Attributes.NONE.with("to", 7L), mask), 1);
            String keys = d.op("Range", d.integer("zero", 0), d.dim(k, 2), d.integer("one", 1));
            return d.unsqueeze(DotProductAttention.bias(d, d.op("Less", keys, lengths), filter), 1, 2);
        }
        if (rank > 3) {
            throw d.refuse("has a mask of rank " + rank + ", of which only the old GPT-2 exports knew; re-export");
        }
        String truth = d.op("Cast", Attributes.NONE.with("to", 9L), mask);
        String bias = DotProductAttention.bias(d, truth, filter);
        return rank == 2 ? d.unsqueeze(bias, 1, 2) : d.unsqueeze(bias, 1);
    }
}
