package io.squisher.onnx.evaluator.attention;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import io.squisher.onnx.evaluator.linear.MatMul;
import io.squisher.onnx.evaluator.normalization.Softmax;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * softmax(softcap(scale · Q Kᵀ + bias)) V per example and head, with its stages. Q is [batch, heads, queries, size], K and
 * V are [batch, heads, keys, size]; fewer heads of K and V serve neighbouring heads of Q.
 *
 * @param scores scale · Q Kᵀ
 * @param biased after masks and biases were added
 * @param capped after the soft cap
 * @param probabilities after the softmax
 */
record DotProductAttention(Value scores, Value biased, Value capped, Value probabilities, Value output) {
    /**
     * What is done to the scores.
     *
     * @param softcap c in c · tanh(scores / c), or 0 for none
     * @param bias broadcast to [batch, heads, queries, keys]
     */
    record Scoring(double scale, double softcap, Optional<Value> bias) {
        /** Another term of the bias. */
        Scoring plus(Value term) {
            return new Scoring(
                    scale,
                    softcap,
                    Optional.of(bias.map(old -> Elementwise.zip(old, term, Double::sum))
                            .orElse(term)));
        }
    }

    static DotProductAttention of(Value q, Value k, Value v, Scoring scoring) {
        Value keys = repeated(k, q.dim(1));
        Value products = MatMul.of(q, MatMul.transposed(keys));
        Value scores = Elementwise.map(products, product -> product * scoring.scale());
        Value biased = scoring.bias()
                .map(bias -> Elementwise.zip(scores, bias, Double::sum))
                .orElse(scores);
        double cap = scoring.softcap();
        Value capped = cap == 0 ? biased : Elementwise.map(biased, score -> cap * Math.tanh(score / cap));
        Value probabilities = Softmax.along(capped, 3, Softmax::softmax);
        Value output = MatMul.of(probabilities, repeated(v, q.dim(1)));
        return new DotProductAttention(scores, biased, capped, probabilities, output);
    }

    /** [batch, steps, heads · size] as [batch, heads, steps, size]. */
    static Value split(Value x, int heads) {
        return x.reshaped(x.dim(0), x.dim(1), heads, x.dim(2) / heads).transposed(0, 2, 1, 3);
    }

    /** The inverse of {@link #split}. */
    static Value merge(Value x) {
        return x.transposed(0, 2, 1, 3).reshaped(x.dim(0), x.dim(2), x.dim(1) * x.dim(3));
    }

    /** 0 where query i may see key j, that is j ≤ i + past, {@code masked} elsewhere: [1, 1, queries, keys]. */
    static Value causal(int queries, int keys, int past, double masked) {
        double[] bias = IntStream.range(0, queries * keys)
                .mapToDouble(at -> at % keys <= at / keys + past ? 0 : masked)
                .toArray();
        return Value.floats(new int[] {1, 1, queries, keys}, bias);
    }

    private static Value repeated(Value x, int heads) {
        int repeats = heads / x.dim(1);
        return repeats == 1
                ? x
                : x.select(
                        1,
                        IntStream.of(Dims.range(heads))
                                .map(head -> head / repeats)
                                .toArray());
    }
}
