package io.squisher.onnx.data;

import io.squisher.SquisherException;
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
    static void check(FedInputs fed) {
        List<String> problems = new ArrayList<>();
        Examples examples = fed.examples();
        for (ValueInfoProto proto : fed.inputs()) {
            DeclaredInput input = new DeclaredInput(proto);
            Tensor array = examples.arrays().get(input.name());
            if (array == null) {
                problems.add("there is no array for the input '" + input.name()
                        + "' (arrays are named after inputs, it has "
                        + examples.arrays().keySet() + ")");
            } else if (input.hasShape() && !input.takes(array.shape(), 0, fed.axis(input.name()))) {
                problems.add("the array '" + input.name() + "' is " + array.shape() + ", the input takes "
                        + input.describe() + wayOut(input, array));
            } else if (input.hasShape() && fed.axis(input.name()) >= input.rank() && input.rank() > 0) {
                problems.add("the input '" + input.name() + "' " + input.describe() + " has no axis "
                        + fed.axis(input.name()));
            }
        }
        if (!problems.isEmpty()) {
            throw new SquisherException(
                    "'" + examples.source() + "' does not fit the model: " + String.join("; ", problems));
        }
    }

    private static String wayOut(DeclaredInput input, Tensor array) {
        return array.shape().rank() == input.rank() && input.rank() > 1
                ? " (--example-axis " + input.name() + "=1 says that the input counts examples on another axis)"
                : "";
    }
}
