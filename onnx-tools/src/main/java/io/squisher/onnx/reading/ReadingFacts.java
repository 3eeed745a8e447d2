package io.squisher.onnx.reading;

import io.squisher.onnx.reading.opset.ShapeOracle;
import io.squisher.proto.onnx.TensorProto;
import java.util.Map;

/**
 * What is known of a model beside its file, when it is read.
 *
 * @param constants values of inputs that are the same for all examples
 * @param oracle finds values that follow from sizes
 */
public record ReadingFacts(Map<String, TensorProto> constants, ShapeOracle oracle) {
    /** Nothing. */
    public static final ReadingFacts NONE = new ReadingFacts(Map.of(), ShapeOracle.SILENT);
}
