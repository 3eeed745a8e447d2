package io.squisher.onnx.fisher;

import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.reading.stored.Float32;
import java.util.Map;

/**
 * The first step of a plan: the model with the data at its inputs.
 *
 * @param tied the initializers that repeat others and are taken as one with them
 */
record BoundRequest(FisherRequest request, BoundGraph bound, TiedWeights tied) {
    /** Binds the data, joins tied weights if that is asked for, and tells what the user should know of both. */
    static BoundRequest of(FisherRequest request) {
        BoundGraph separate = BoundGraph.of(request.model(), request.examples(), request.output());
        TiedWeights found = TiedWeights.of(separate.graph());
        TiedWeights tied = request.tied() ? found : new TiedWeights(Map.of());
        BoundGraph bound = separate.with(tied::join);
        if (!request.tied()) {
            found.remark().ifPresent(request.runtime().notices());
        }
        bound.remarks().forEach(request.runtime().notices());
        Float32.remark(request.model().model()).ifPresent(request.runtime().notices());
        return new BoundRequest(request, bound, tied);
    }
}
