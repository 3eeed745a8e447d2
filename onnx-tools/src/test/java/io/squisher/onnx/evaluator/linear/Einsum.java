package io.squisher.onnx.evaluator.linear;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Einstein's summation: sums the products of elements over every index that the result lacks. An ellipsis stands for axes
 * that broadcast; here they get the indices '0', '1', … counted from their end.
 */
final class Einsum {
    private final List<Value> operands = new ArrayList<>();
    private final List<String> terms = new ArrayList<>();
    private final Map<Character, Integer> dims = new TreeMap<>();

    private Einsum() {}

    static Value evaluate(OperatorCall call) {
        String[] sides = call.text("equation", "").replace(" ", "").split("->", -1);
        Einsum sum = new Einsum();
        String[] inputs = sides[0].split(",", -1);
        int ellipsis = 0;
        for (int i = 0; i < inputs.length; i++) {
            Value operand = call.input(i);
            int hidden = operand.rank() - inputs[i].replace("...", "").length();
            ellipsis = Math.max(ellipsis, hidden);
            sum.add(inputs[i].replace("...", hiddenIndices(hidden)), operand);
        }
        String result = sides.length > 1
                ? sides[1].replace("...", hiddenIndices(ellipsis))
                : hiddenIndices(ellipsis) + onceUsed(sides[0]);
        return sum.reduce(result);
    }

    private static String hiddenIndices(int count) {
        StringBuilder indices = new StringBuilder();
        for (int i = count - 1; i >= 0; i--) {
            indices.append((char) ('0' + i));
        }
        return indices.toString();
    }

    /** Without "->" the result has the letters that occur once, in alphabetical order. */
    private static String onceUsed(String inputs) {
        return inputs.chars()
                .filter(Character::isLetter)
                .filter(letter -> inputs.indexOf(letter) == inputs.lastIndexOf(letter))
                .sorted()
                .mapToObj(letter -> String.valueOf((char) letter))
                .collect(Collectors.joining());
    }

    private void add(String term, Value operand) {
        terms.add(term);
        operands.add(operand);
        for (int axis = 0; axis < term.length(); axis++) {
            dims.merge(term.charAt(axis), operand.dim(axis), Math::max);
        }
    }

    private Value reduce(String result) {
        String summed = dims.keySet().stream()
                .filter(index -> result.indexOf(index) < 0)
                .map(String::valueOf)
                .collect(Collectors.joining());
        String all = result + summed;
        int[] allDims = all.chars().map(index -> dims.get((char) index)).toArray();
        int[][] sources = new int[operands.size()][];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = Dims.sources(Dims.allPositions(allDims), strides(all, i));
        }
        int[] resultDims = Arrays.copyOf(allDims, result.length());
        double[] sums = new double[Dims.size(resultDims)];
        int inner = Dims.size(allDims, result.length(), allDims.length);
        for (int at = 0; at < sums.length * inner; at++) {
            double product = 1;
            for (int i = 0; i < sources.length; i++) {
                product *= operands.get(i).doubleAt(sources[i][at]);
            }
            sums[at / inner] += product;
        }
        return Value.of(operands.get(0).type(), resultDims, sums);
    }

    /** How far operand {@code i} moves with each index; an index that it names twice walks its diagonal. */
    private int[] strides(String all, int i) {
        Value operand = operands.get(i);
        int[] own = Dims.strides(operand.dims());
        int[] strides = new int[all.length()];
        for (int axis = 0; axis < own.length; axis++) {
            int index = all.indexOf(terms.get(i).charAt(axis));
            strides[index] += operand.dim(axis) == 1 ? 0 : own[axis];
        }
        return strides;
    }
}
