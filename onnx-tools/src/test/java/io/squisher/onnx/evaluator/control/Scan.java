package io.squisher.onnx.evaluator.control;

import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.shape.Concat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Scan from opset 9 on: the body takes (states, a slice of each scanned input) and gives (states, a slice of each output). */
final class Scan {
    private Scan() {}

    static List<Value> evaluate(OperatorCall call) {
        if (call.opset() < 9) {
            throw call.unsupported("opset 8");
        }
        int scanned = call.integer("num_scan_inputs", 1);
        int stateCount = call.inputCount() - scanned;
        List<Value> states =
                IntStream.range(0, stateCount).mapToObj(call::input).toList();
        List<List<Value>> scans = new ArrayList<>();
        Value first = call.input(stateCount);
        int steps = first.dim(axis(call, "scan_input_axes", 0, first.rank()));
        for (int step = 0; step < steps; step++) {
            List<Value> arguments = new ArrayList<>(states);
            for (int i = 0; i < scanned; i++) {
                Value whole = call.input(stateCount + i);
                int axis = axis(call, "scan_input_axes", i, whole.rank());
                int place = entry(call, "scan_input_directions", i) == 0 ? step : steps - 1 - step;
                List<Integer> dims =
                        new ArrayList<>(IntStream.of(whole.dims()).boxed().toList());
                dims.remove(axis);
                arguments.add(whole.select(axis, new int[] {place})
                        .reshaped(dims.stream().mapToInt(Integer::intValue).toArray()));
            }
            List<Value> results = call.runSubgraph("body", arguments);
            states = results.subList(0, stateCount);
            for (int i = 0; i + stateCount < results.size(); i++) {
                if (step == 0) {
                    scans.add(new ArrayList<>());
                }
                scans.get(i).add(results.get(stateCount + i));
            }
        }
        List<Value> outputs = new ArrayList<>(states);
        for (int i = 0; i < scans.size(); i++) {
            outputs.add(joined(call, i, scans.get(i)));
        }
        return outputs;
    }

    private static Value joined(OperatorCall call, int output, List<Value> steps) {
        int axis = axis(call, "scan_output_axes", output, steps.get(0).rank() + 1);
        List<Value> rows = new ArrayList<>();
        for (Value step : steps) {
            List<Integer> dims =
                    new ArrayList<>(IntStream.of(step.dims()).boxed().toList());
            dims.add(axis, 1);
            Value row = step.reshaped(dims.stream().mapToInt(Integer::intValue).toArray());
            rows.add(entry(call, "scan_output_directions", output) == 0 ? rows.size() : 0, row);
        }
        return Concat.of(axis, rows);
    }

    private static int axis(OperatorCall call, String attribute, int index, int rank) {
        return Math.floorMod(entry(call, attribute, index), rank);
    }

    private static int entry(OperatorCall call, String attribute, int index) {
        int[] all = call.ints(attribute);
        return index < all.length ? all[index] : 0;
    }
}
