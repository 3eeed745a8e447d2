package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;
import java.util.List;

/** Normalization of the last axes, by mean and variance or by the root mean square, with a sum in front where fused. */
final class FusedNormalization {
    private FusedNormalization() {}

    /** ONNX Runtime's LayerNormalization is the standard's. */
    static void layer(Decomposition d) {
        normalized(d, d.in(0), d.in(1), d.in(2), 1e-5f);
    }

    /** Inputs X, skip, γ, β, bias; outputs Y, mean, 1/σ, and the sum that was normalised. */
    static void skipLayer(Decomposition d) {
        normalized(d, sum(d, 4), d.in(2), d.in(3), 1e-12f);
    }

    private static void normalized(Decomposition d, String x, String scale, String bias, float epsilon) {
        List<String> inputs = bias.isEmpty() ? List.of(x, scale) : List.of(x, scale, bias);
        Attributes attributes = Attributes.NONE
                .with("axis", d.attributes().integer("axis", -1))
                .with("epsilon", d.attributes().number("epsilon", epsilon));
        d.outputs("LayerNormalization", attributes, inputs, d.firstOutputs(3), 0);
    }

    /** Also the standard's RMSNormalization of opset 23: inputs X and scale. */
    static void rootMeanSquare(Decomposition d) {
        rootMeanSquare(d, d.in(0), d.in(1), d.attributes().number("epsilon", 1e-5f));
    }

    /** Inputs X, skip, γ, bias; outputs as those of {@link #skipLayer}. */
    static void skipRootMeanSquare(Decomposition d) {
        rootMeanSquare(d, sum(d, 3), d.in(2), d.attributes().number("epsilon", 1e-12f));
    }

    private static void rootMeanSquare(Decomposition d, String x, String scale, float epsilon) {
        long axis = d.attributes().integer("axis", -1);
        if (axis >= 0) {
            axis -= d.rank(x, "input");
        }
        long[] axes = java.util.stream.LongStream.range(axis, 0).toArray();
        String square = d.op("ReduceMean", d.op("Mul", x, x), d.integers("axes", axes));
        String root = d.op("Sqrt", d.op("Add", square, d.scalar("epsilon", epsilon)));
        d.result("Mul", d.op("Div", x, root), scale);
        int inverse = d.wants(2) ? 2 : 1;
        if (d.wants(inverse)) {
            d.output(inverse, "Reciprocal", Attributes.NONE, root);
        }
    }

    private static String sum(Decomposition d, int biasPosition) {
        String skipped = d.op("Add", d.in(0), d.in(1));
        String sum = d.has(biasPosition) ? d.op("Add", skipped, d.in(biasPosition)) : skipped;
        if (d.wants(3)) {
            d.output(3, "Identity", Attributes.NONE, sum);
        }
        return sum;
    }
}
