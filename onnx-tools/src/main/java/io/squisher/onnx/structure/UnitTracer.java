package io.squisher.onnx.structure;

import io.squisher.onnx.graph.FileGraph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.operators.OperatorFacts;
import io.squisher.onnx.operators.Trait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Follows the output channels of every layer with weights through the graph, to the weights that read them. What is
 * between must be known operator by operator; anything else is an obstacle, never a guess.
 */
final class UnitTracer {
    private final Trace trace;
    private final Map<String, Consumer<Node>> steps = new HashMap<>();

    /** Layers that start channels even where none come in. */
    private final Map<String, Consumer<Node>> layers;

    private UnitTracer(FileGraph graph) {
        this.trace = new Trace(graph);
        LinearSteps linear = new LinearSteps(trace);
        ElementwiseSteps elementwise = new ElementwiseSteps(trace);
        ReshapingSteps reshaping = new ReshapingSteps(trace);
        layers = Map.of(
                "Conv", linear::convolution,
                "ConvTranspose", linear::transposedConvolution,
                "Gemm", linear::gemm,
                "MatMul", linear::product);
        steps.putAll(layers);
        OperatorFacts.all().forEach((op, facts) -> {
            if (facts.has(Trait.ELEMENTWISE)) {
                steps.put(op, elementwise::keep);
            } else if (facts.has(Trait.BROADCAST)) {
                steps.put(op, elementwise::broadcast);
            } else if (facts.has(Trait.POOLING)) {
                steps.put(op, elementwise::pool);
            } else if (facts.has(Trait.REDUCTION)) {
                steps.put(op, reshaping::axes);
            }
        });
        steps.put("Squeeze", reshaping::axes);
        steps.put("Unsqueeze", reshaping::axes);
        steps.put("BatchNormalization", elementwise::normalization);
        steps.put("InstanceNormalization", elementwise::normalization);
        steps.put("Softmax", elementwise::softmax);
        steps.put("LogSoftmax", elementwise::softmax);
        steps.put("Transpose", reshaping::transpose);
        steps.put("Flatten", reshaping::flatten);
        steps.put("Reshape", reshaping::reshape);
        steps.put("Shape", reshaping::shape);
    }

    /** The channels of a graph that belong together, in the order of the layers. */
    static List<Space> spaces(FileGraph graph) {
        UnitTracer tracer = new UnitTracer(graph);
        graph.nodes().forEach(tracer::follow);
        graph.proto().getOutputList().forEach(output -> tracer.trace
                .place(output.getName())
                .ifPresent(place -> place.space().isOutput()));
        List<Space> found = new ArrayList<>(tracer.trace.spaces());
        found.removeIf(space -> space.root() != space);
        return found;
    }

    private void follow(Node node) {
        boolean channels = !trace.inputs(node).isEmpty();
        boolean standard = node.domain().isEmpty() && node.captured().isEmpty();
        if (standard && (channels ? steps : layers).containsKey(node.op())) {
            Consumer<Node> step = steps.get(node.op());
            step.accept(node);
        } else if (channels) {
            trace.refuse(node, "does not keep the channels apart, as far as is known");
        }
    }
}
