package io.squisher.onnx.training.graph;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataLocation;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Changes of a model's file before it is trained. */
public final class TrainableFile {
    private static final Pattern QUANTIZED = Pattern.compile("Quantize|QLinear|Integer$|NBits|QAttention|QGemm");

    private TrainableFile() {}

    /**
     * The model with a parameter of its own for each name. Exporters store tensors of equal values once, and copy them to the
     * other names: in a model that was not trained yet, the biases and the running means, which are all 0, become one weight, and
     * would be trained as one. Those that have one value throughout are taken apart; others are tied for a reason.
     */
    public static OnnxFile separated(OnnxFile file) {
        GraphProto graph = file.model().getGraph();
        Map<String, TensorProto> stored = new HashMap<>();
        graph.getInitializerList().forEach(tensor -> stored.put(tensor.getName(), tensor));
        Set<String> outputs = new HashSet<>();
        graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);
        GraphProto.Builder changed = graph.toBuilder().clearNode();
        int copies = 0;
        for (NodeProto node : graph.getNodeList()) {
            TensorProto source =
                    node.getOpType().equals("Identity") && node.getDomain().isEmpty()
                            ? stored.get(node.getInput(0))
                            : null;
            if (source != null && !outputs.contains(node.getOutput(0)) && isConstant(source)) {
                changed.addInitializer(source.toBuilder().setName(node.getOutput(0)));
                copies++;
            } else {
                changed.addNode(node);
            }
        }
        return copies == 0 ? file : with(file, changed);
    }

    private static boolean isConstant(TensorProto tensor) {
        if (tensor.getDataType() != DataType.FLOAT_VALUE || tensor.getDataLocation() == DataLocation.EXTERNAL) {
            return false;
        }
        float[] values = OnnxTensors.read(tensor).toFloats();
        for (float value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return values.length > 0;
    }

    /**
     * The model as its graph is read for training: dropouts marked (see {@link Dropouts}), and normalizations that were exported
     * in training mode in inference mode, which the training decides anew.
     */
    public static OnnxFile readable(OnnxFile file) {
        OnnxFile marked = Dropouts.marked(file);
        GraphProto.Builder graph = marked.model().getGraph().toBuilder();
        boolean changed = false;
        for (int i = 0; i < graph.getNodeCount(); i++) {
            NodeProto node = graph.getNode(i);
            boolean normalization = node.getOpType().equals("BatchNormalization")
                    && node.getDomain().isEmpty();
            if (normalization && isTraining(node)) {
                NodeProto.Builder inference = node.toBuilder().clearAttribute().clearOutput();
                node.getAttributeList().stream()
                        .filter(attribute -> !attribute.getName().equals("training_mode"))
                        .forEach(inference::addAttribute);
                graph.setNode(i, inference.addOutput(node.getOutput(0)));
                changed = true;
            }
        }
        return changed ? with(marked, graph) : marked;
    }

    /**
     * Refuses a quantized model.
     *
     * @throws SquisherException naming a node that computes with rounded numbers
     */
    public static void requireNotQuantized(OnnxFile file) {
        file.model().getGraph().getNodeList().stream()
                .filter(node -> QUANTIZED.matcher(node.getOpType()).find())
                .findFirst()
                .ifPresent(node -> {
                    throw new SquisherException("'" + file.path() + "' is quantized (" + node.getOpType() + " '"
                            + node.getName()
                            + "'): no gradient passes rounded numbers; train the float32 model, and quantize"
                            + " what comes out");
                });
    }

    /** Whether normalizations or dropouts do something else in training. */
    public static boolean hasModes(OnnxFile file) {
        List<String> found = new ArrayList<>();
        file.model().getGraph().getNodeList().stream()
                .filter(node -> node.getDomain().isEmpty())
                .map(NodeProto::getOpType)
                .filter(op -> op.equals("Dropout") || op.equals("BatchNormalization"))
                .forEach(found::add);
        return !found.isEmpty();
    }

    private static boolean isTraining(NodeProto node) {
        return node.getAttributeList().stream()
                        .anyMatch(attribute -> attribute.getName().equals("training_mode") && attribute.getI() != 0)
                || node.getOutputCount() > 1;
    }

    private static OnnxFile with(OnnxFile file, GraphProto.Builder graph) {
        return new OnnxFile(
                file.path(), file.model().toBuilder().setGraph(graph).build());
    }
}
