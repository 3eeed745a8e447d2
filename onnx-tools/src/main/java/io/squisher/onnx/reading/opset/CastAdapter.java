package io.squisher.onnx.reading.opset;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.TensorProto.DataType;
import java.util.Locale;

/** Cast before opset 6 named its type. */
final class CastAdapter {
    private CastAdapter() {}

    static void raise(Node node, OpsetRaiser raiser) {
        String name = node.attributes().string("to", "");
        try {
            long type = DataType.valueOf(name.toUpperCase(Locale.ROOT)).getNumber();
            raiser.emit(node.withAttributes(node.attributes().without("to").with("to", type)));
        } catch (IllegalArgumentException e) {
            throw new SquisherException(node + " casts to '" + name + "', which is no element type", e);
        }
    }
}
