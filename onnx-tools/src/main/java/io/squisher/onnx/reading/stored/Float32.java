package io.squisher.onnx.reading.stored;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Tensor;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All arithmetic in float32: half precision would lose the small squares, and ONNX Runtime's processor kernels know
 * neither half nor double precision for most operators. What a file stores or casts in another width is taken over as
 * float32; the values of float16 and bfloat16 are kept exactly.
 */
public final class Float32 {
    private static final Set<Integer> OTHERS =
            Set.of(DataType.FLOAT16_VALUE, DataType.BFLOAT16_VALUE, DataType.DOUBLE_VALUE);

    /** Attributes that hold an element type. */
    private static final Set<String> TYPES = Set.of("to", "dtype", "output_datatype", "stash_type");

    private Float32() {}

    /** What the user should know of a model that stores or takes float64: precision is lost. */
    public static Optional<String> remark(ModelProto model) {
        GraphProto graph = model.getGraph();
        Stream<String> stored = graph.getInitializerList().stream()
                .filter(tensor -> tensor.getDataType() == DataType.DOUBLE_VALUE)
                .map(TensorProto::getName);
        Stream<String> fed = graph.getInputList().stream()
                .filter(input -> input.getType().getTensorType().getElemType() == DataType.DOUBLE_VALUE)
                .map(ValueInfoProto::getName);
        return Stream.concat(stored, fed)
                .findFirst()
                .map(name -> "the model computes in float64 ('" + name + "', for one); here all arithmetic is float32");
    }

    /** A stored tensor; one of integers or float32 as it is. */
    public static TensorProto of(TensorProto tensor) {
        if (!OTHERS.contains(tensor.getDataType())) {
            return tensor;
        }
        Tensor values = OnnxTensors.read(tensor);
        return OnnxTensors.write(tensor.getName(), Tensor.of(values.shape(), values.toFloats()));
    }

    /** A node's attributes. */
    public static Node of(Node node) {
        Attributes attributes = node.attributes();
        for (String name : TYPES) {
            if (OTHERS.contains((int) attributes.integer(name, 0))) {
                attributes = attributes.with(name, DataType.FLOAT_VALUE);
            }
        }
        Optional<TensorProto> value = attributes.tensor("value").filter(v -> OTHERS.contains(v.getDataType()));
        if (value.isPresent()) {
            attributes = attributes.with("value", of(value.get()));
        }
        return attributes == node.attributes() ? node : node.withAttributes(attributes);
    }

    /** What is declared of a value. */
    public static ValueInfoProto of(ValueInfoProto info) {
        if (!OTHERS.contains(info.getType().getTensorType().getElemType())) {
            return info;
        }
        ValueInfoProto.Builder changed = info.toBuilder();
        changed.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT_VALUE);
        return changed.build();
    }
}
