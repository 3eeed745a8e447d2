package io.squisher.onnx.reading.opset;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.reading.stored.StoredTensors;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;

/** Lifts the value of a Constant node out of the graph, where rules can look at it. */
final class ConstantAdapter {
    private ConstantAdapter() {}

    static void lift(Node node, OpsetRaiser raiser) {
        raiser.constant(node.output(0), value(node));
    }

    private static TensorProto value(Node node) {
        Attributes attributes = node.attributes();
        if (attributes.tensor("value").isPresent()) {
            return attributes.tensor("value").get();
        }
        if (attributes.has("value_float")) {
            return proto(Tensor.of(Shape.of(), attributes.number("value_float", 0)));
        }
        if (attributes.has("value_int")) {
            return proto(Tensor.of(Shape.of(), attributes.integer("value_int", 0)));
        }
        if (attributes.has("value_ints")) {
            return proto(AttributeAdapters.vector(attributes.integers("value_ints", new long[0])));
        }
        if (attributes.has("value_floats")) {
            var floats = attributes.numbers("value_floats").get();
            float[] values = new float[floats.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = floats.get(i);
            }
            return proto(Tensor.of(Shape.of(values.length), values));
        }
        if (attributes.sparse("sparse_value").isPresent()) {
            return StoredTensors.dense(attributes.sparse("sparse_value").get());
        }
        throw new SquisherException(node + " holds strings, which no gradient can pass");
    }

    private static TensorProto proto(Tensor tensor) {
        return OnnxTensors.write("", tensor);
    }
}
