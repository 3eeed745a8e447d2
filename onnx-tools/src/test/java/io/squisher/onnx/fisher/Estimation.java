package io.squisher.onnx.fisher;

import io.squisher.onnx.data.NpzFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Runs of the estimator over a fixture's data. */
final class Estimation {
    private Estimation() {}

    /** The Fisher of a fixture's model, by tensor. */
    static Map<String, double[]> of(Fixture fixture, FisherKind kind, UnaryOperator<FisherRequest> changes) {
        try (NpzFile data = fixture.data()) {
            return of(changes.apply(
                    FisherRequest.of(fixture.model(), Fixture.examples(data), fixture.likelihood(), kind)));
        }
    }

    /** The Fisher that is asked for, by tensor. */
    static Map<String, double[]> of(FisherRequest request) {
        try (FisherEstimator estimator = new FisherEstimator(request)) {
            Map<String, double[]> values = new LinkedHashMap<>();
            estimator
                    .run(FisherListener.SILENT)
                    .tensors()
                    .forEach((name, tensor) -> values.put(name, tensor.toDoubles()));
            return values;
        }
    }
}
