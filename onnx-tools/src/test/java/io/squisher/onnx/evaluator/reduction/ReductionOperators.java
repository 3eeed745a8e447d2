package io.squisher.onnx.evaluator.reduction;

import io.squisher.onnx.evaluator.OperatorTable;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** The list of reductions. */
public final class ReductionOperators {
    private final OperatorTable table = new OperatorTable();

    private ReductionOperators() {}

    public static OperatorTable table() {
        ReductionOperators list = new ReductionOperators();
        list.add("ReduceL1", row -> Arrays.stream(row).map(Math::abs).sum());
        list.add("ReduceL2", row -> Math.sqrt(Reduce.sumOfSquares(row)));
        list.add("ReduceLogSum", row -> Math.log(Arrays.stream(row).sum()));
        list.add("ReduceLogSumExp", Reduce::logSumExp);
        list.add("ReduceMax", row -> Arrays.stream(row).max().orElse(Double.NEGATIVE_INFINITY));
        list.add("ReduceMean", Reduce::mean);
        list.add("ReduceMin", row -> Arrays.stream(row).min().orElse(Double.POSITIVE_INFINITY));
        list.add("ReduceProd", row -> Arrays.stream(row).reduce(1, (a, b) -> a * b));
        list.add("ReduceSum", row -> Arrays.stream(row).sum());
        list.add("ReduceSumSquare", Reduce::sumOfSquares);
        list.table.one("ArgMax", call -> ArgMax.evaluate(call, 1));
        list.table.one("ArgMin", call -> ArgMax.evaluate(call, -1));
        list.table.one("CumSum", CumSum::evaluate);
        return list.table;
    }

    private void add(String operator, ToDoubleFunction<double[]> f) {
        table.one(operator, call -> Reduce.evaluate(call, f));
    }
}
