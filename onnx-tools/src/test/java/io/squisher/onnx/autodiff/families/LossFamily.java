package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import java.util.Arrays;

/** The losses over classes, with weights, ignored labels and every reduction. */
final class LossFamily {
    private LossFamily() {}

    static OneNodeModel loss(Draw d) {
        boolean likelihood = d.coin();
        int classes = d.between(2, 4);
        int[] places = d.dims(d.between(0, 2));
        int batch = d.between(1, 3);
        long[] labels = d.integers(0, classes - 1, Dims.concat(new int[] {batch}, places))
                .longs()
                .clone();
        boolean ignoring = d.coin();
        if (ignoring) {
            for (int i = 1; i < labels.length; i++) {
                labels[i] = d.between(0, 3) == 0 ? -1 : labels[i];
            }
        }
        String operator = likelihood ? "NegativeLogLikelihoodLoss" : "SoftmaxCrossEntropyLoss";
        OneNodeModel model = op(operator, likelihood ? d.oneOf(12, 13, 22) : d.oneOf(12, 13))
                .input(d.normal(Dims.concat(new int[] {batch, classes}, places)))
                .input(Value.ints(Dims.concat(new int[] {batch}, places), labels))
                .with("reduction", d.oneOf("none", "mean", "sum"));
        if (d.coin()) {
            model.input(d.uniform(0.3, 2, classes));
        }
        if (ignoring) {
            model.with("ignore_index", -1);
        }
        return !likelihood && Arrays.stream(labels).allMatch(label -> label >= 0) && d.coin()
                ? model.outputs(2)
                : model;
    }
}
