package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.reading.FixedBatch;
import io.squisher.onnx.reading.opset.ShapeOracle;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.shape.ShapeDependence;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds values that follow from sizes by running the part of the graph that makes them: right for every operator. A value
 * that is another for two examples than for three depends on their number, and is not found.
 */
final class RunShapes implements ShapeOracle {
    private static final int FEW = 2;
    private static final int MORE = 3;

    private final FedInputs inputs;
    private final boolean single;
    private boolean asked;
    private boolean counted;

    /**
     * @param single whether one example is run instead of batches
     */
    RunShapes(FedInputs inputs, boolean single) {
        this.inputs = inputs;
        this.single = single;
    }

    /** Whether anything was found for a number of examples. */
    boolean wasAsked() {
        return asked;
    }

    /** Whether a value was another for two examples than for three. */
    boolean dependsOnCount() {
        return counted;
    }

    @Override
    public Optional<Tensor> value(Graph graph, String name) {
        if (new ShapeDependence(graph).cause(name).isPresent()) {
            return Optional.empty();
        }
        asked = true;
        if (!single) {
            try {
                Tensor few = run(graph, name, FEW);
                Tensor more = run(graph, name, MORE);
                boolean same = Arrays.equals(few.toDoubles(), more.toDoubles());
                counted |= !same;
                return same ? Optional.of(few) : Optional.empty();
            } catch (SquisherException e) {
                // A graph of a fixed batch runs on no other; the run that measures it has to confirm what one example
                // gives.
                return tried(graph, name);
            }
        }
        return tried(graph, name);
    }

    private Optional<Tensor> tried(Graph graph, String name) {
        try {
            return Optional.of(run(graph, name, 1));
        } catch (SquisherException e) {
            return Optional.empty();
        }
    }

    private Tensor run(Graph graph, String name, int rows) {
        Graph needed = graph.reaching(Set.of(name)).withReadInputs();
        Map<String, Tensor> fed = inputs.batch(0, rows);
        try (InferenceSession session = InferenceSession.createUnoptimised(
                new ModelBuilder()
                        .nodes(needed.nodes())
                        .initializers(needed.initializers())
                        .initializers(needed.constants())
                        .inputs(needed.inputs().stream()
                                .map(input -> FixedBatch.freed(input, inputs.axis(input.getName())))
                                .toList())
                        .output(name)
                        .build(),
                RuntimeSettings.CPU)) {
            fed.keySet().retainAll(session.inputs());
            return session.run(fed, Set.of(name)).get(name);
        }
    }
}
