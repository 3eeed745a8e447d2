package io.squisher.onnx.evaluator.control;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.shape.Concat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scan from opset 9 on, along first axes and forwards: the body takes (states, a slice of each scanned input) and gives
 * (states, a slice of each output).
 */
final class Scan {
    private Scan() {}

    static List<Value> evaluate(OperatorCall call) {
        boolean plain = call.opset() >= 9
                && IntStream.concat(
                                IntStream.of(call.ints("scan_input_directions")),
                                IntStream.of(call.ints("scan_input_axes")))
                        .allMatch(i -> i == 0)
                && IntStream.concat(
                                IntStream.of(call.ints("scan_output_directions")),
                                IntStream.of(call.ints("scan_output_axes")))
                        .allMatch(i -> i == 0);
        if (!plain) {
            throw call.unsupported("opset 8, other axes or directions");
        }
        int scanned = call.integer("num_scan_inputs", 1);
        int stateCount = call.inputCount() - scanned;
        List<Value> states =
                IntStream.range(0, stateCount).mapToObj(call::input).toList();
        List<List<Value>> scans = new ArrayList<>();
        for (int step = 0; step < call.input(stateCount).dim(0); step++) {
            List<Value> arguments = new ArrayList<>(states);
            for (int i = stateCount; i < call.inputCount(); i++) {
                Value slice = call.input(i).select(0, new int[] {step});
                arguments.add(slice.reshaped(IntStream.of(slice.dims()).skip(1).toArray()));
            }
            List<Value> results = call.runSubgraph("body", arguments);
            states = results.subList(0, stateCount);
            Loop.collect(scans, results.subList(stateCount, results.size()));
        }
        List<Value> outputs = new ArrayList<>(states);
        scans.forEach(scan -> outputs.add(Concat.of(0, scan)));
        return outputs;
    }
}
