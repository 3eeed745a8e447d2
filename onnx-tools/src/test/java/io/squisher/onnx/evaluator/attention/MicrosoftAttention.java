package io.squisher.onnx.evaluator.attention;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import io.squisher.onnx.evaluator.linear.MatMul;
import io.squisher.onnx.evaluator.shape.Concat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** com.microsoft's Attention (with the projection of Q, K and V in it) and MultiHeadAttention (without). */
final class MicrosoftAttention {
    private MicrosoftAttention() {}

    /** Inputs: X, weights, bias, mask, past, attention bias. Outputs: Y and the present keys and values, stacked. */
    static List<Value> attention(OperatorCall call) {
        if (call.flag("do_rotary", false) || call.flag("past_present_share_buffer", false)) {
            throw call.unsupported("rotary embedding or shared buffers inside Attention");
        }
        Value projected = MatMul.of(call.input(0), call.input(1));
        Value shifted = call.optional(2)
                .map(bias -> Elementwise.zip(projected, bias, Double::sum))
                .orElse(projected);
        int third = shifted.dim(2) / 3;
        int[] sizes = call.ints("qkv_hidden_sizes", third, third, third);
        int heads = call.integer("num_heads", 1);
        Value q = DotProductAttention.split(columns(shifted, 0, sizes[0]), heads);
        Value k = DotProductAttention.split(columns(shifted, sizes[0], sizes[1]), heads);
        Value v = DotProductAttention.split(columns(shifted, sizes[0] + sizes[1], sizes[2]), heads);
        Optional<Value> past = call.optional(4);
        Value keys = past.map(p -> Concat.of(2, List.of(half(p, 0), k))).orElse(k);
        Value values = past.map(p -> Concat.of(2, List.of(half(p, 1), v))).orElse(v);
        Value y = attended(call, q, keys, values, new int[] {3, 5});
        return call.wants(1) ? List.of(y, Concat.of(0, List.of(stacked(keys), stacked(values)))) : List.of(y);
    }

    /** Inputs: Q, K, V, bias, mask, attention bias, past key, past value. */
    static List<Value> multiHead(OperatorCall call) {
        int heads = call.integer("num_heads", 1);
        if (call.input(0).rank() != 3
                || call.optional(1).filter(k -> k.rank() == 5).isPresent()) {
            throw call.unsupported("packed Q, K and V");
        }
        int size = call.input(0).dim(2);
        Value q = DotProductAttention.split(biased(call, call.input(0), 0), heads);
        Value k = heads(call, call.input(1), size, heads);
        Value v = heads(call, call.input(2), 2 * size, heads);
        Value keys =
                call.optional(6).map(past -> Concat.of(2, List.of(past, k))).orElse(k);
        Value values =
                call.optional(7).map(past -> Concat.of(2, List.of(past, v))).orElse(v);
        return List.of(attended(call, q, keys, values, new int[] {4, 5}), keys, values);
    }

    /** K and V with heads as an axis are those of an encoder: they have their bias already. */
    private static Value heads(OperatorCall call, Value x, int biasStart, int heads) {
        return x.rank() == 4 ? x : DotProductAttention.split(biased(call, x, biasStart), heads);
    }

    private static Value biased(OperatorCall call, Value x, int start) {
        return call.optional(3)
                .map(bias -> Elementwise.zip(x, columns(bias, start, x.dim(2)), Double::sum))
                .orElse(x);
    }

    /** {@code positions}: those of the mask and of the attention bias among the inputs. */
    private static Value attended(OperatorCall call, Value q, Value k, Value v, int[] positions) {
        int queries = q.dim(2);
        int keys = k.dim(2);
        double scale = call.real("scale", 0);
        DotProductAttention.Scoring scoring = new DotProductAttention.Scoring(
                scale == 0 ? 1 / Math.sqrt(q.dim(3)) : scale, 0, call.optional(positions[1]));
        if (call.has(positions[0])) {
            scoring = scoring.plus(KeyMask.bias(call, call.input(positions[0]), q.dim(0), queries, keys));
        }
        if (call.flag("unidirectional", false)) {
            scoring = scoring.plus(DotProductAttention.causal(queries, keys, keys - queries, Double.NEGATIVE_INFINITY));
        }
        return DotProductAttention.merge(
                DotProductAttention.of(q, k, v, scoring).output());
    }

    private static Value columns(Value x, int start, int count) {
        return x.select(x.rank() - 1, IntStream.range(start, start + count).toArray());
    }

    private static Value half(Value past, int index) {
        return past.select(0, new int[] {index}).reshaped(past.dim(1), past.dim(2), past.dim(3), past.dim(4));
    }

    private static Value stacked(Value x) {
        return x.reshaped(1, x.dim(0), x.dim(1), x.dim(2), x.dim(3));
    }
}
