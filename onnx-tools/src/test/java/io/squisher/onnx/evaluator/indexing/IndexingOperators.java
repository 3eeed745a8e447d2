package io.squisher.onnx.evaluator.indexing;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of operators with indices. */
public final class IndexingOperators {
    private IndexingOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .one("Compress", Compress::evaluate)
                .one("Gather", Gather::evaluate)
                .one("GatherElements", Gather::elements)
                .one("GatherND", Gather::nd)
                .one("NonZero", Compress::nonZero)
                .one("OneHot", OneHot::evaluate)
                .one("Scatter", Scatter::elements)
                .one("ScatterElements", Scatter::elements)
                .one("ScatterND", Scatter::nd)
                .many("TopK", TopK::evaluate)
                .many("Unique", Unique::evaluate);
    }
}
