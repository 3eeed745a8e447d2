package io.squisher.onnx.autodiff.rules.normalization;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.graph.TensorShape;
import java.util.Arrays;

/** Gradient of MeanVarianceNormalization: X standardised over {@code axes}. */
public final class MeanVarianceNormalizationRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        TensorShape x = c.x(0).shape();
        long[] given = c.attributes().integers("axes", 0, 2, 3);
        if (Arrays.stream(given).anyMatch(axis -> axis >= x.rank() || axis < -x.rank())) {
            throw c.refuse("has the axes " + Arrays.toString(given)
                    + (c.attributes().has("axes") ? "" : " where the file gives none") + ", and its input " + x
                    + " has only " + x.rank() + "; give it axes that it has");
        }
        int[] axes =
                Arrays.stream(given).mapToInt(axis -> c.axis(axis, x.rank())).toArray();
        if (Arrays.stream(axes).anyMatch(axis -> x.dim(axis).perExample())) {
            throw c.refuse("takes its mean over the axis of the examples, which mixes them; give it axes without it");
        }
        return Gradients.of(Standardized.of(c.ops(), c.x(0), 0, axes).back(c.ops(), c.dy()));
    }
}
