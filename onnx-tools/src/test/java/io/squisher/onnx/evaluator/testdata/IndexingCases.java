package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.tensor.ElementType;
import java.util.stream.Stream;

/** Choices of elements by index. */
final class IndexingCases {
    private IndexingCases() {}

    static Stream<OneNodeModel> all() {
        Value tuples = Value.ints(new int[] {3, 1}, 2, 0, 2);
        return Stream.of(
                op("GatherND", 12)
                        .normal(2, 3, 4)
                        .input(Value.ints(new int[] {2, 2, 1}, 1, 0, -1, 2))
                        .with("batch_dims", 1),
                scatter("max").with("axis", 1),
                scatter("min"),
                scatter("mul"),
                op("ScatterND", 18).normal(3, 2).input(tuples).normal(3, 2).with("reduction", "max"),
                op("ScatterND", 18).normal(3, 2).input(tuples).normal(3, 2).with("reduction", "add"),
                op("TopK", 11)
                        .normal(3, 5, 2)
                        .constant(Value.vector(3))
                        .with("axis", 1)
                        .with("largest", 0)
                        .outputs(2),
                op("Compress", 11)
                        .normal(3, 4)
                        .input(Value.of(ElementType.BOOL, new int[] {3}, new long[] {1, 0, 1}))
                        .with("axis", 1),
                op("OneHot", 11)
                        .input(Value.vector(1, -2, 7))
                        .constant(Value.ints(new int[0], 4))
                        .constant(Value.floats(new int[] {2}, 0.5, 3))
                        .with("axis", 0));
    }

    private static OneNodeModel scatter(String reduction) {
        return op("ScatterElements", 18)
                .normal(3, 4)
                .input(Value.ints(new int[] {2, 3}, 1, 0, -1, 1, 1, 2))
                .normal(2, 3)
                .with("reduction", reduction);
    }
}
