package io.squisher.onnx.training.graph;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.shape.GraphValues;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The dropouts of a file. Reading leaves dropouts out, so they are marked before: each becomes a product with a scalar 1 whose
 * name holds the share that it drops, and {@link TrainingMode} makes a mask of that.
 */
public final class Dropouts {
    private static final String MARK = "squisher.dropout/";
    private static final float DEFAULT_RATIO = 0.5f;

    private Dropouts() {}

    /** The model with its dropouts marked; those whose own mask is read elsewhere, or whose ratio is computed, stay. */
    public static OnnxFile marked(OnnxFile file) {
        GraphProto graph = file.model().getGraph();
        Map<String, TensorProto> stored = new HashMap<>();
        graph.getInitializerList().forEach(tensor -> stored.put(tensor.getName(), tensor));
        graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("Constant") && node.getOutputCount() == 1)
                .forEach(node -> node.getAttributeList().stream()
                        .filter(AttributeProto::hasT)
                        .forEach(attribute -> stored.put(node.getOutput(0), attribute.getT())));
        GraphProto.Builder changed = graph.toBuilder();
        int count = 0;
        for (int i = 0; i < graph.getNodeCount(); i++) {
            NodeProto node = graph.getNode(i);
            Optional<Float> ratio = ratio(node, stored);
            if (ratio.isPresent() && ratio.get() > 0 && ratio.get() < 1) {
                String scalar = MARK + count++ + "/" + ratio.get();
                changed.addInitializer(OnnxTensors.write(scalar, Tensor.of(Shape.of(), 1f)));
                changed.setNode(
                        i,
                        NodeProto.newBuilder()
                                .setName(node.getName())
                                .setOpType("Mul")
                                .addInput(node.getInput(0))
                                .addInput(scalar)
                                .addOutput(node.getOutput(0)));
            }
        }
        return count == 0
                ? file
                : new OnnxFile(
                        file.path(), file.model().toBuilder().setGraph(changed).build());
    }

    private static Optional<Float> ratio(NodeProto node, Map<String, TensorProto> stored) {
        boolean maskRead = node.getOutputCount() > 1 && !node.getOutput(1).isEmpty();
        if (!node.getOpType().equals("Dropout") || !node.getDomain().isEmpty() || maskRead) {
            return Optional.empty();
        }
        if (node.getInputCount() > 1 && !node.getInput(1).isEmpty()) {
            return Optional.ofNullable(stored.get(node.getInput(1)))
                    .map(tensor -> (float) OnnxTensors.read(tensor).toDoubles()[0]);
        }
        return Optional.of(node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("ratio"))
                .map(AttributeProto::getF)
                .findFirst()
                .orElse(DEFAULT_RATIO));
    }

    /** Whether a stored value is a mark. */
    public static boolean isMark(String name) {
        return name.startsWith(MARK);
    }

    /** The mask of a marked node, of the shape that goes through it; empty for other nodes. */
    static Optional<TrainableGraph.Mask> mask(Node node, GraphValues values) {
        if (!node.op().equals("Mul") || !isMark(node.input(1))) {
            return Optional.empty();
        }
        float ratio = Float.parseFloat(node.input(1).substring(node.input(1).lastIndexOf('/') + 1));
        return Optional.of(new TrainableGraph.Mask(values.shape(node.input(0)), ratio));
    }
}
