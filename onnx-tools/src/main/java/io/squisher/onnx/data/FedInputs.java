package io.squisher.onnx.data;

import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Examples as the inputs of a model take them.
 *
 * @param axes by input, the axis that counts examples, or {@link ExampleAxes#NONE}
 */
record FedInputs(List<ValueInfoProto> inputs, Examples examples, Map<String, Integer> axes) {
    static FedInputs of(List<ValueInfoProto> inputs, List<ValueInfoProto> outputs, Examples examples) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        examples.arrays().forEach((name, array) -> shapes.put(name, array.shape()));
        return new FedInputs(inputs, examples, new ExampleAxes(inputs, outputs, examples.axes()).ofLeading(shapes));
    }

    /** The axis of an input that counts examples. */
    public int axis(String input) {
        return axes.getOrDefault(input, 0);
    }

    /** Whether an input takes one example as it is, without an axis that counts them. */
    boolean takesOne() {
        return inputs.stream().anyMatch(input -> axis(input.getName()) == ExampleAxes.NONE);
    }

    /** The names of the inputs that do. */
    List<String> unbatched() {
        return inputs.stream()
                .map(ValueInfoProto::getName)
                .filter(name -> axis(name) == ExampleAxes.NONE)
                .toList();
    }

    /** Some of the inputs. */
    FedInputs only(List<ValueInfoProto> some) {
        return new FedInputs(some, examples, axes);
    }

    /**
     * The same inputs with other examples.
     *
     * @throws io.squisher.SquisherException if an array is missing, or an example of it or a shared array is another than
     *     what these were made for
     */
    FedInputs of(Examples others) {
        OtherExamples.check(
                examples, others, inputs.stream().map(ValueInfoProto::getName).toList());
        return new FedInputs(inputs, others, axes);
    }

    /** The inputs for examples {@code from} to {@code from + rows}, in the types that they take. */
    Map<String, Tensor> batch(long from, int rows) {
        Map<String, Tensor> batch = new HashMap<>();
        for (ValueInfoProto input : inputs) {
            Tensor array = examples.batch(input.getName(), from, rows, BoundGraph.typeOf(input));
            int axis = axis(input.getName());
            batch.put(
                    input.getName(),
                    axis == ExampleAxes.NONE ? MovedAxis.withoutFirst(array) : MovedAxis.of(array, 0, axis));
        }
        return batch;
    }
}
