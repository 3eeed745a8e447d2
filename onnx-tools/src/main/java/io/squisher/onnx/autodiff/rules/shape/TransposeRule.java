package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;

/** Gradient of Transpose: the inverse permutation. */
public final class TransposeRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        return Gradients.of(c.ops().transpose(c.dy(), inverse(permutation(c))));
    }

    /** Axis i of the output is axis {@code permutation[i]} of the input; the axes are reversed where none is given. */
    static int[] permutation(RuleContext c) {
        int rank = c.x(0).rank();
        long[] perm = c.attributes().integers("perm").orElseGet(() -> java.util.stream.LongStream.range(0, rank)
                .map(i -> rank - 1 - i)
                .toArray());
        int[] permutation = new int[rank];
        for (int i = 0; i < rank; i++) {
            permutation[i] = (int) perm[i];
        }
        return permutation;
    }

    static int[] inverse(int[] permutation) {
        int[] inverse = new int[permutation.length];
        for (int i = 0; i < permutation.length; i++) {
            inverse[permutation[i]] = i;
        }
        return inverse;
    }
}
