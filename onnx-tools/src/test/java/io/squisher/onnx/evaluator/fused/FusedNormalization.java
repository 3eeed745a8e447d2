package io.squisher.onnx.evaluator.fused;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.elementwise.Elementwise;
import io.squisher.onnx.evaluator.indexing.Gather;
import io.squisher.onnx.evaluator.normalization.LayerNormalization;
import io.squisher.onnx.evaluator.reduction.Reduce;
import io.squisher.tensor.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Layer normalizations that add their inputs first, or leave out the mean ("simplified"). */
final class FusedNormalization {
    private FusedNormalization() {}

    /** Inputs: X, skip, gamma, beta, bias. Outputs: Y, mean, 1 / deviation, X + skip + bias. */
    static List<Value> skip(OperatorCall call) {
        Value sum = plus(plus(call.input(0), call.optional(1)), call.optional(4));
        return normalized(call, sum, call.input(2), call.optional(3));
    }

    /** Inputs: X, skip, gamma, bias. Outputs as those of {@link #skip}, the mean not computed. */
    static List<Value> skipSimplified(OperatorCall call) {
        Value sum = plus(plus(call.input(0), call.optional(1)), call.optional(3));
        int axis = sum.rank() - 1;
        Value inverse = LayerNormalization.inverseRms(sum, new int[] {axis}, call.real("epsilon", 1e-12f));
        Value y = times(times(sum, inverse), call.input(2));
        return List.of(y, Value.zeros(ElementType.F32, inverse.dims()), inverse, sum);
    }

    /** Inputs: X, scale. Outputs: Y, 1 / root mean square. */
    static List<Value> simplified(OperatorCall call) {
        Value x = call.input(0);
        int[] axes = IntStream.range(Dims.axis(call.integer("axis", -1), x.rank()), x.rank())
                .toArray();
        Value inverse = LayerNormalization.inverseRms(x, axes, call.real("epsilon", 1e-5f));
        return List.of(times(times(x, inverse), call.input(1)), inverse);
    }

    /**
     * EmbedLayerNormalization. Inputs: token ids, segment ids, embeddings of words, positions and segments, gamma, beta,
     * mask, position ids. Outputs: Y, the number of tokens that the mask keeps per example, the sum of embeddings.
     */
    static List<Value> embed(OperatorCall call) {
        Value ids = call.input(0);
        Value positions = call.optional(8).orElseGet(() -> Value.vector(Dims.range(ids.dim(1))));
        Value sum = plus(Gather.along(call.input(2), 0, ids), Optional.of(Gather.along(call.input(3), 0, positions)));
        if (call.has(4)) {
            sum = plus(sum, Optional.of(Gather.along(call.input(4), 0, call.input(1))));
        }
        long[] lengths = new long[ids.dim(0)];
        call.optional(7)
                .ifPresent(mask -> Arrays.setAll(lengths, n -> IntStream.range(0, ids.dim(1))
                        .mapToLong(t -> mask.longAt(n * ids.dim(1) + t))
                        .sum()));
        Value y = normalized(call, sum, call.input(5), call.optional(6)).get(0);
        return List.of(y, Value.of(ElementType.I32, new int[] {ids.dim(0)}, lengths), sum);
    }

    private static List<Value> normalized(OperatorCall call, Value sum, Value gamma, Optional<Value> beta) {
        int[] last = {sum.rank() - 1};
        double epsilon = call.real("epsilon", 1e-12f);
        Value mean = Reduce.over(sum, last, Reduce::mean);
        Value centred = Elementwise.zip(sum, mean, (value, m) -> value - m);
        Value inverse = LayerNormalization.inverseRms(centred, last, epsilon);
        return List.of(plus(times(times(centred, inverse), gamma), beta), mean, inverse, sum);
    }

    private static Value plus(Value x, Optional<Value> term) {
        return term.map(t -> Elementwise.zip(x, t, Double::sum)).orElse(x);
    }

    private static Value times(Value x, Value factor) {
        return Elementwise.zip(x, factor, (a, b) -> a * b);
    }
}
