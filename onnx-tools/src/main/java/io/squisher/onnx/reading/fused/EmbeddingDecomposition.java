package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;
import java.util.List;

/**
 * EmbedLayerNormalization: embeddings of words, positions and segments, added and normalised. Inputs: words, segments,
 * the tables of words, positions and segments, γ, β, mask, positions. Outputs: Y, the mask's lengths, the sum.
 */
final class EmbeddingDecomposition {
    private EmbeddingDecomposition() {}

    static void decompose(Decomposition d) {
        String sum = d.op("Add", d.op("Gather", d.in(2), d.in(0)), d.op("Gather", d.in(3), positions(d)));
        if (d.has(1) && d.has(4)) {
            sum = d.op("Add", sum, d.op("Gather", d.in(4), d.in(1)));
        }
        if (d.wants(2)) {
            d.output(2, "Identity", Attributes.NONE, sum);
        }
        if (d.wants(1)) {
            lengths(d);
        }
        Attributes attributes =
                Attributes.NONE.with("axis", -1L).with("epsilon", d.attributes().number("epsilon", 1e-12f));
        d.outputs("LayerNormalization", attributes, List.of(sum, d.in(5), d.in(6)), d.firstOutputs(1), 0);
    }

    /** Counted for each example, so that the table's gradient has a row for each of its tokens, like that of words. */
    private static String positions(Decomposition d) {
        if (d.has(8)) {
            return d.in(8);
        }
        String range = d.op("Range", d.integer("zero", 0), d.dim(d.in(0), 1), d.integer("one", 1));
        return d.op("Expand", range, d.op("Shape", d.in(0)));
    }

    private static void lengths(Decomposition d) {
        String flags = d.has(7) ? d.in(7) : d.op("Mul", d.in(0), d.op("CastLike", d.integer("zero", 0), d.in(0)));
        String sum = d.op(
                "ReduceSum",
                Attributes.NONE.with("keepdims", 0L),
                d.op("Cast", Attributes.NONE.with("to", 7L), flags),
                d.integers("axes", 1));
        d.output(1, "Cast", Attributes.NONE.with("to", 6L), sum);
        d.raiser().declareRank(d.out(1), 1);
    }
}
