package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.reading.stored.Float32;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes constants of the inputs that have no axis of examples: their array is the same for all of them. */
final class SharedInputs {
    private SharedInputs() {}

    /**
     * The constants, by name of the input, in the types that the inputs take.
     *
     * @throws SquisherException if a shared array is not an input of the model
     */
    static Map<String, TensorProto> constants(GraphProto graph, Examples examples) {
        Map<String, TensorProto> constants = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>(examples.shared().keySet());
        for (ValueInfoProto input : graph.getInputList()) {
            Tensor array = examples.shared().get(input.getName());
            if (array != null) {
                unknown.remove(input.getName());
                constants.put(
                        input.getName(),
                        OnnxTensors.write(input.getName(), converted(array, BoundGraph.typeOf(Float32.of(input)))));
            }
        }
        if (!unknown.isEmpty()) {
            throw new SquisherException("the shared arrays " + unknown + " of '" + examples.source()
                    + "' are no inputs of the model; its inputs are "
                    + graph.getInputList().stream().map(ValueInfoProto::getName).toList());
        }
        return constants;
    }

    private static Tensor converted(Tensor array, ElementType type) {
        if (array.type() == type) {
            return array;
        }
        int size = Math.toIntExact(array.size());
        ByteBuffer source = littleEndian(size * array.type().bytes());
        array.readBytes(0, source);
        ByteBuffer bytes = littleEndian(size * type.bytes());
        ElementConversion.convert(array.type(), source, type, bytes, size);
        return Tensor.of(type, array.shape(), bytes);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
