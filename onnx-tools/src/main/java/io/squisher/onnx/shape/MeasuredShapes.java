package io.squisher.onnx.shape;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Graph;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Integers that follow from the shapes of values, made constants once those are measured: rules need to know axes and
 * starts, and exporters compute them from sizes that turn out to be fixed.
 */
public final class MeasuredShapes {
    /** A dimension that counts examples. */
    private static final long FREE = -1;

    private MeasuredShapes() {}

    /** The graph with a constant in place of each node whose integers do not depend on the number of examples. */
    public static Graph fold(Graph graph, Map<String, TensorShape> shapes) {
        Map<String, TensorProto> constants = new LinkedHashMap<>(graph.constants());
        ShapeValues known = new ShapeValues(
                name -> dims(shapes.get(name)), name -> graph.stored(name).map(OnnxTensors::read));
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes()) {
            known.add(node);
            Optional<Tensor> value = node.outputs().size() == 1 ? known.value(node.output(0)) : Optional.empty();
            if (value.isPresent()) {
                constants.put(node.output(0), OnnxTensors.write(node.output(0), value.get()));
            } else {
                kept.add(node);
            }
        }
        return new Graph(kept, graph.initializers(), constants, graph.inputs(), graph.outputs());
    }

    private static long[] dims(TensorShape shape) {
        return shape == null
                ? new long[0]
                : shape.dims().stream()
                        .mapToLong(dim -> dim.perExample() ? FREE : dim.factor())
                        .toArray();
    }
}
