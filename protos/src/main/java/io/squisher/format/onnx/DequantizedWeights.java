package io.squisher.format.onnx;

import io.squisher.SquisherException;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model in which weights are whole numbers: in place of an initializer stand its codes, scales and zero points, and a node
 * {@code DequantizeLinear} whose output has the initializer's name, so that no other node changes.
 */
public final class DequantizedWeights {
    /** The version of the file format that has types of 4 bits. */
    private static final long IR_VERSION = 10;

    private final OnnxFile source;
    private final Map<String, DequantizedWeight> weights = new LinkedHashMap<>();
    private final Map<String, Tensor> values = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final List<NodeProto> nodes = new ArrayList<>();

    /**
     * A model with other weights.
     *
     * @param source at an opset that the weights' {@link DequantizedWeight#opset} does not exceed
     * @throws SquisherException if a name is no initializer
     */
    public DequantizedWeights(OnnxFile source, List<DequantizedWeight> weights) {
        this.source = source;
        weights.forEach(weight -> this.weights.put(weight.name(), weight));
        GraphProto graph = source.model().getGraph();
        Set<String> initializers = new HashSet<>();
        graph.getInitializerList().forEach(initializer -> initializers.add(initializer.getName()));
        for (DequantizedWeight weight : weights) {
            if (!initializers.contains(weight.name())) {
                throw new SquisherException("'" + source.path() + "' has no initializer '" + weight.name() + "'");
            }
        }
        taken.addAll(initializers);
        graph.getInputList().forEach(input -> taken.add(input.getName()));
        graph.getNodeList().forEach(node -> {
            taken.addAll(node.getOutputList());
            taken.add(node.getName());
        });
    }

    /**
     * Writes the model.
     *
     * @param others initializers that get other values and keep their types
     * @param metadata added to the model's, where an equal key is replaced
     */
    public void write(Path target, Map<String, Tensor> others, Map<String, String> metadata) {
        ModelProto.Builder model = source.model().toBuilder();
        model.setIrVersion(Math.max(model.getIrVersion(), IR_VERSION));
        GraphProto.Builder graph = model.getGraphBuilder();
        List<TensorProto> initializers = new ArrayList<>();
        for (TensorProto old : graph.getInitializerList()) {
            DequantizedWeight weight = weights.get(old.getName());
            if (weight == null) {
                initializers.add(old);
            } else {
                initializers.addAll(parts(weight));
            }
        }
        graph.clearInitializer().addAllInitializer(initializers);
        removeInputs(graph);
        List<NodeProto> all = new ArrayList<>(nodes);
        all.addAll(graph.getNodeList());
        graph.clearNode().addAllNode(all);
        values.putAll(others);
        OnnxWriter.write(target, new OnnxFile(source.path(), model.build()), values, metadata);
    }

    /** Old files list initializers among the inputs too, and now they are what a node gives. */
    private void removeInputs(GraphProto.Builder graph) {
        for (int i = graph.getInputCount() - 1; i >= 0; i--) {
            if (weights.containsKey(graph.getInput(i).getName())) {
                graph.removeInput(i);
            }
        }
    }

    private List<TensorProto> parts(DequantizedWeight weight) {
        String codes = free(weight.name() + "_quantized");
        String scale = free(weight.name() + "_scale");
        List<TensorProto> parts = new ArrayList<>();
        NodeProto.Builder node = NodeProto.newBuilder()
                .setName(free(weight.name() + "_dequantize"))
                .setOpType("DequantizeLinear")
                .addInput(codes)
                .addInput(scale)
                .addOutput(weight.name());
        parts.add(coded(codes, weight.bits(), weight.codes()));
        parts.add(OnnxTensors.write(scale, weight.scales()));
        // Without zero points they are 0.
        if (weight.codes().type() == ElementType.U8) {
            String zeroPoint = free(weight.name() + "_zero_point");
            node.addInput(zeroPoint);
            parts.add(coded(zeroPoint, weight.bits(), weight.zeroPoints()));
        }
        if (weight.axis() >= 0) {
            node.addAttribute(attribute("axis", weight.axis()));
        }
        if (weight.groupSize() > 0) {
            node.addAttribute(attribute("block_size", weight.groupSize()));
        }
        nodes.add(node.build());
        return parts;
    }

    private String free(String wanted) {
        String name = wanted;
        for (int i = 2; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    /** An initializer whose data is streamed when the model is written. */
    private TensorProto coded(String name, int bits, Tensor codes) {
        boolean signed = codes.type() == ElementType.I8;
        DataType type = bits == 4 ? signed ? DataType.INT4 : DataType.UINT4 : signed ? DataType.INT8 : DataType.UINT8;
        Shape shape = codes.shape();
        TensorProto.Builder proto = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dim : shape.dims()) {
            proto.addDims(dim);
        }
        values.put(name, bits == 4 ? new PackedCodes(codes) : codes);
        return proto.build();
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }
}
