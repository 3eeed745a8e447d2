package io.squisher.onnx.evaluator.control;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.shape.Concat;
import io.squisher.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;

/** If and Loop. */
final class Loop {
    private Loop() {}

    /** If: the branch that the condition chooses. */
    static List<Value> branch(OperatorCall call) {
        return call.runSubgraph(call.input(0).longAt(0) != 0 ? "then_branch" : "else_branch", List.of());
    }

    /**
     * The body takes (iteration, condition, carried values) and gives (condition, carried values, scan outputs); these are
     * stacked along a new first axis.
     */
    static List<Value> evaluate(OperatorCall call) {
        long limit = call.optional(0).map(count -> count.longAt(0)).orElse(Long.MAX_VALUE);
        int carriedCount = call.inputCount() - 2;
        List<Value> carried = new ArrayList<>();
        for (int i = 0; i < carriedCount; i++) {
            carried.add(call.input(i + 2));
        }
        boolean going = call.optional(1).map(value -> value.longAt(0) != 0).orElse(true);
        List<List<Value>> scans = new ArrayList<>();
        for (long iteration = 0; iteration < limit && going; iteration++) {
            List<Value> arguments = new ArrayList<>();
            arguments.add(Value.ints(new int[0], iteration));
            arguments.add(Value.of(ElementType.BOOL, new int[0], new long[] {1}));
            arguments.addAll(carried);
            List<Value> results = call.runSubgraph("body", arguments);
            going = results.get(0).longAt(0) != 0;
            carried = results.subList(1, 1 + carriedCount);
            collect(scans, results.subList(1 + carriedCount, results.size()));
        }
        List<Value> outputs = new ArrayList<>(carried);
        scans.forEach(scan -> outputs.add(Concat.of(0, scan)));
        return outputs;
    }

    /** Adds the k-th value, with a new first axis, to the k-th list. */
    static void collect(List<List<Value>> scans, List<Value> values) {
        for (int k = 0; k < values.size(); k++) {
            if (scans.size() <= k) {
                scans.add(new ArrayList<>());
            }
            Value value = values.get(k);
            scans.get(k).add(value.reshaped(Dims.concat(new int[] {1}, value.dims())));
        }
    }
}
