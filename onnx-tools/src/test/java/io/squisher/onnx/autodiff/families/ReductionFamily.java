package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;

/** Reductions over some axes, with axes as attribute (older versions) or input, and cumulative sums. */
final class ReductionFamily {
    private ReductionFamily() {}

    static OneNodeModel reduction(Draw d) {
        String operator = d.oneOf(
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSum",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "ReduceProd",
                "ReduceSum",
                "ReduceSumSquare");
        int opset = d.oneOf(11, 13, 18, 21);
        int rank = d.between(1, 4);
        int[] dims = d.dims(rank);
        OneNodeModel model =
                op(operator, opset).input(operator.equals("ReduceLogSum") ? d.uniform(0.2, 2, dims) : d.normal(dims));
        boolean attribute = opset < (operator.equals("ReduceSum") ? 13 : 18);
        int[] axes = d.axes(rank, 1);
        switch (d.between(0, 3)) {
            case 0 -> {
                // Without axes: over all of them, or none.
                if (!attribute && d.coin()) {
                    model.with("noop_with_empty_axes", 1);
                }
            }
            default -> {
                if (attribute) {
                    model.with("axes", axes);
                } else {
                    model.input(Value.vector(axes));
                }
            }
        }
        return d.coin() ? model.with("keepdims", d.between(0, 1)) : model;
    }

    static OneNodeModel cumulativeSum(Draw d) {
        int rank = d.between(1, 4);
        return op("CumSum", d.oneOf(11, 14))
                .input(d.normal(d.dims(rank)))
                .input(Value.ints(new int[0], d.axis(rank)))
                .with("exclusive", d.between(0, 1))
                .with("reverse", d.between(0, 1));
    }
}
