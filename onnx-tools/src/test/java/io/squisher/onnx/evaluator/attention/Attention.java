package io.squisher.onnx.evaluator.attention;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.shape.Concat;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Attention of opset 23. Q, K, V have heads as their second axis, or inside their last one. A causal mask starts behind
 * the past keys. The soft cap comes after the mask, as in the text's first edition and in ONNX Runtime 1.23; later
 * editions put it before.
 */
final class Attention {
    private Attention() {}

    /** Outputs: Y, present key, present value, and the scores of the stage {@code qk_matmul_output_mode}. */
    static List<Value> evaluate(OperatorCall call) {
        boolean flat = call.input(0).rank() == 3;
        Value q = flat ? heads(call, 0, "q_num_heads") : call.input(0);
        Value k = withPast(call, 4, flat ? heads(call, 1, "kv_num_heads") : call.input(1));
        Value v = withPast(call, 5, flat ? heads(call, 2, "kv_num_heads") : call.input(2));
        DotProductAttention.Scoring scoring = new DotProductAttention.Scoring(
                call.real("scale", 1 / Math.sqrt(q.dim(3))), call.real("softcap", 0), Optional.empty());
        if (call.has(3)) {
            scoring = scoring.plus(bias(call.input(3), k.dim(2)));
        }
        if (call.flag("is_causal", false)) {
            int past = call.optional(4).map(key -> key.dim(2)).orElse(0);
            scoring = scoring.plus(DotProductAttention.causal(q.dim(2), k.dim(2), past, Double.NEGATIVE_INFINITY));
        }
        DotProductAttention result = DotProductAttention.of(q, k, v, scoring);
        Value y = flat ? DotProductAttention.merge(result.output()) : result.output();
        return List.of(y, k, v, stage(call, result));
    }

    private static Value stage(OperatorCall call, DotProductAttention result) {
        return switch (call.integer("qk_matmul_output_mode", 0)) {
            case 0 -> result.scores();
            case 1 -> result.biased();
            case 2 -> result.capped();
            default -> result.probabilities();
        };
    }

    private static Value heads(OperatorCall call, int position, String count) {
        return DotProductAttention.split(call.input(position), call.integer(count, 1));
    }

    private static Value withPast(OperatorCall call, int position, Value present) {
        return call.optional(position)
                .map(past -> Concat.of(2, List.of(past, present)))
                .orElse(present);
    }

    /** A boolean mask says what takes part; a mask with fewer keys excludes the others. */
    private static Value bias(Value mask, int keys) {
        boolean truths = mask.type() == ElementType.BOOL;
        int[] dims = Dims.with(mask.dims(), mask.rank() - 1, keys);
        int given = mask.dim(-1);
        double[] bias = new double[Dims.size(dims)];
        Arrays.setAll(bias, i -> {
            if (given != 1 && i % keys >= given) {
                return Double.NEGATIVE_INFINITY;
            }
            double value = mask.doubleAt(i / keys * given + (given == 1 ? 0 : i % keys));
            return truths ? (value != 0 ? 0 : Double.NEGATIVE_INFINITY) : value;
        });
        return Value.floats(dims, bias);
    }
}
