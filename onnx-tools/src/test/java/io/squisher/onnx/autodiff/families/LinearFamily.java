package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Products and sums. */
final class LinearFamily {
    private static final String LETTERS = "abcde";

    private LinearFamily() {}

    static OneNodeModel matMul(Draw d) {
        int inner = d.between(1, 4);
        int[] batch = d.dims(d.between(0, 2));
        int[] left = Dims.concat(d.broadcastTo(batch), d.between(1, 4), inner);
        int[] right = Dims.concat(d.broadcastTo(batch), inner, d.between(1, 4));
        if (d.between(0, 4) == 0) {
            left = new int[] {inner};
        }
        if (d.between(0, 4) == 0) {
            right = new int[] {inner};
        }
        return op("MatMul", d.oneOf(9, 13)).input(d.normal(left)).input(d.normal(right));
    }

    static OneNodeModel gemm(Draw d) {
        int m = d.between(1, 4);
        int k = d.between(1, 4);
        int n = d.between(1, 4);
        boolean transposeA = d.coin();
        boolean transposeB = d.coin();
        OneNodeModel model = op("Gemm", d.oneOf(11, 13))
                .input(transposeA ? d.normal(k, m) : d.normal(m, k))
                .input(transposeB ? d.normal(n, k) : d.normal(k, n))
                .with("transA", transposeA ? 1 : 0)
                .with("transB", transposeB ? 1 : 0);
        if (d.coin()) {
            model.with("alpha", d.real(-1, 2));
        }
        if (d.coin()) {
            model.input(d.normal(d.broadcastTo(new int[] {m, n})));
            if (d.coin()) {
                model.with("beta", d.real(-1, 2));
            }
        }
        return model;
    }

    /** Any letters in any order, an ellipsis in front of all terms at times; no letter twice in a term. */
    static OneNodeModel einsum(Draw d) {
        int[] sizes = d.ints(LETTERS.length(), 1, 4);
        int[] hidden = d.coin() ? new int[0] : d.dims(d.between(1, 2));
        List<String> terms = new ArrayList<>();
        OneNodeModel model = op("Einsum", 12);
        for (int i = d.between(1, 3); i > 0; i--) {
            String term = letters(d, LETTERS.length(), 1, 3);
            int[] dims = term.chars().map(c -> sizes[LETTERS.indexOf(c)]).toArray();
            model.input(d.normal(Dims.concat(hidden, dims)));
            terms.add((hidden.length > 0 ? "..." : "") + term);
        }
        String inputs = String.join(",", terms);
        String used = Arrays.stream(inputs.replaceAll("[.,]", "").split(""))
                .distinct()
                .collect(Collectors.joining());
        String order = letters(d, used.length(), 0, used.length())
                .chars()
                .mapToObj(c -> used.substring(LETTERS.indexOf(c), LETTERS.indexOf(c) + 1))
                .collect(Collectors.joining());
        String output = hidden.length > 0 ? "..." + order : order;
        return model.with("equation", d.between(0, 4) == 0 ? inputs : inputs + "->" + output);
    }

    private static String letters(Draw d, int among, int least, int most) {
        return Arrays.stream(d.permutation(among))
                .limit(d.between(least, Math.min(most, among)))
                .mapToObj(i -> LETTERS.substring(i, i + 1))
                .collect(Collectors.joining());
    }
}
