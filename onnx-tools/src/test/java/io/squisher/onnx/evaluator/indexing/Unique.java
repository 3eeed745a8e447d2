package io.squisher.onnx.evaluator.indexing;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The different slices along an axis (elements without one), sorted or in order of appearance; where each appears first,
 * which one each slice of the input is, how often each appears.
 */
final class Unique {
    private Unique() {}

    static List<Value> evaluate(OperatorCall call) {
        Value x = call.hasAttribute("axis")
                ? call.input(0)
                : call.input(0).reshaped(call.input(0).size());
        int axis = Dims.axis(call.integer("axis", 0), x.rank());
        double[][] slices = IntStream.range(0, x.dim(axis))
                .mapToObj(i -> x.select(axis, new int[] {i}).doubles())
                .toArray(double[][]::new);
        List<Integer> firsts = new ArrayList<>();
        for (int i = 0; i < slices.length; i++) {
            double[] slice = slices[i];
            if (firsts.stream().noneMatch(first -> Arrays.equals(slices[first], slice))) {
                firsts.add(i);
            }
        }
        if (call.flag("sorted", true)) {
            firsts.sort(Comparator.comparing(first -> slices[first], Arrays::compare));
        }
        int[] first = firsts.stream().mapToInt(Integer::intValue).toArray();
        int[] inverse = Arrays.stream(slices)
                .mapToInt(slice -> IntStream.range(0, first.length)
                        .filter(k -> Arrays.equals(slices[first[k]], slice))
                        .findFirst()
                        .orElseThrow())
                .toArray();
        int[] counts = new int[first.length];
        Arrays.stream(inverse).forEach(k -> counts[k]++);
        return List.of(x.select(axis, first), Value.vector(first), Value.vector(inverse), Value.vector(counts));
    }
}
