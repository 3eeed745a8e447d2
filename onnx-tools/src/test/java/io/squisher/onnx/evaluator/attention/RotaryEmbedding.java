package io.squisher.onnx.evaluator.attention;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.indexing.Gather;
import java.util.Arrays;
import java.util.Optional;

/**
 * Turns pairs (a, b) of the first {@code rotary_embedding_dim} numbers of each head by an angle of their position: (a cos -
 * b sin, a sin + b cos). Pairs are the two halves, or neighbours with {@code interleaved}.
 */
final class RotaryEmbedding {
    private final boolean interleaved;
    private final Value cos;
    private final Value sin;

    /** cos and sin: [batch, steps, half of the turned numbers]. */
    private RotaryEmbedding(OperatorCall call, Value cos, Value sin) {
        this.interleaved = call.flag("interleaved", false);
        this.cos = cos;
        this.sin = sin;
    }

    /** Opset 23: inputs X, caches, positions; without positions the caches are per example and step. */
    static Value evaluate(OperatorCall call) {
        Value x = call.input(0);
        Optional<Value> positions = call.optional(3);
        Value cos = positions.map(ids -> Gather.along(call.input(1), 0, ids)).orElse(call.input(1));
        Value sin = positions.map(ids -> Gather.along(call.input(2), 0, ids)).orElse(call.input(2));
        return new RotaryEmbedding(call, cos, sin).turned(x, call.integer("num_heads", 0));
    }

    /** com.microsoft: inputs X, positions [batch, steps] or the first one alone, caches. */
    static Value microsoft(OperatorCall call) {
        Value x = call.input(0);
        int steps = x.dim(x.rank() == 3 ? 1 : 2);
        Value positions = call.input(1);
        if (positions.size() == 1) {
            long[] consecutive = new long[x.dim(0) * steps];
            Arrays.setAll(consecutive, i -> positions.longAt(0) + i % steps);
            return microsoft(call, Value.ints(new int[] {x.dim(0), steps}, consecutive));
        }
        return microsoft(call, positions);
    }

    private static Value microsoft(OperatorCall call, Value positions) {
        Value x = call.input(0);
        Value cos = Gather.along(call.input(2), 0, positions);
        Value sin = Gather.along(call.input(3), 0, positions);
        int heads = call.integer("num_heads", 0);
        int implied = x.rank() == 3 ? x.dim(2) / (2 * cos.dim(2)) : 0;
        return new RotaryEmbedding(call, cos, sin).turned(x, heads > 0 ? heads : implied);
    }

    private Value turned(Value x, int heads) {
        if (x.rank() == 3) {
            return DotProductAttention.merge(turned(DotProductAttention.split(x, heads), heads));
        }
        int size = x.dim(3);
        int steps = x.dim(2);
        int pairs = cos.dim(2);
        double[] y = x.doubles().clone();
        for (int row = 0; row < y.length / size; row++) {
            int angle = (row / steps / x.dim(1) * steps + row % steps) * pairs;
            for (int pair = 0; pair < pairs; pair++) {
                int first = row * size + (interleaved ? 2 * pair : pair);
                int second = first + (interleaved ? 1 : pairs);
                double c = cos.doubleAt(angle + pair);
                double s = sin.doubleAt(angle + pair);
                y[first] = x.doubleAt(first) * c - x.doubleAt(second) * s;
                y[second] = x.doubleAt(first) * s + x.doubleAt(second) * c;
            }
        }
        return Value.of(x.type(), x.dims(), y);
    }
}
