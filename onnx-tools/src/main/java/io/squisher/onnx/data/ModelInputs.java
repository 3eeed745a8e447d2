package io.squisher.onnx.data;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Graph;
import io.squisher.proto.onnx.TensorShapeProto;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Checks examples against what a graph takes, all problems at once. */
final class ModelInputs {
    private ModelInputs() {}

    /**
     * @throws SquisherException if an input has no array, or an array has another shape than its input
     */
    static void check(Graph graph, Examples examples) {
        List<String> problems = new ArrayList<>();
        for (ValueInfoProto input : graph.inputs()) {
            Tensor array = examples.arrays().get(input.getName());
            if (array == null) {
                problems.add("there is no array for the input '" + input.getName()
                        + "' (arrays are named after inputs, it has "
                        + examples.arrays().keySet() + ")");
            } else if (!fits(input.getType().getTensorType().getShape(), array)) {
                problems.add("the array '" + input.getName() + "' is " + array.shape() + ", the input takes "
                        + describe(input.getType().getTensorType().getShape()));
            }
        }
        if (!problems.isEmpty()) {
            throw new SquisherException(
                    "'" + examples.source() + "' does not fit the model: " + String.join("; ", problems));
        }
    }

    private static boolean fits(TensorShapeProto expected, Tensor array) {
        if (expected.getDimCount() == 0) {
            return true;
        }
        if (expected.getDimCount() != array.shape().rank()) {
            return false;
        }
        for (int axis = 1; axis < expected.getDimCount(); axis++) {
            TensorShapeProto.Dimension dim = expected.getDim(axis);
            if (dim.hasDimValue()
                    && dim.getDimValue() > 0
                    && dim.getDimValue() != array.shape().dim(axis)) {
                return false;
            }
        }
        return true;
    }

    private static String describe(TensorShapeProto shape) {
        List<String> dims = new ArrayList<>();
        shape.getDimList()
                .forEach(dim -> dims.add(
                        dim.hasDimValue()
                                ? Long.toString(dim.getDimValue())
                                : dim.hasDimParam() ? dim.getDimParam() : "?"));
        return dims.toString();
    }
}
