package io.squisher.onnx.evaluator.loss;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.normalization.Softmax;
import java.util.Arrays;
import java.util.List;

/**
 * NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss: scores [N, C, d…], targets [N, d…]. Each target costs -w_t ·
 * score_t; the mean divides by the sum of weights; targets {@code ignore_index} cost and weigh nothing.
 */
final class CrossEntropy {
    private CrossEntropy() {}

    static Value negativeLogLikelihood(OperatorCall call) {
        return loss(call, call.input(0));
    }

    /** The second output holds the logarithms of the probabilities. */
    static List<Value> softmax(OperatorCall call) {
        Value logProbabilities = Softmax.along(call.input(0), 1, Softmax::logSoftmax);
        return List.of(loss(call, logProbabilities), logProbabilities);
    }

    private static Value loss(OperatorCall call, Value scores) {
        Value target = call.input(1);
        int classes = scores.dim(1);
        int inner = Dims.size(scores.dims(), 2, scores.rank());
        double[] costs = new double[target.size()];
        double weights = 0;
        for (int i = 0; i < costs.length; i++) {
            int label = (int) target.longAt(i);
            if (call.hasAttribute("ignore_index") && label == call.integer("ignore_index", -1)) {
                continue;
            }
            double weight = call.optional(2).map(w -> w.doubleAt(label)).orElse(1.0);
            costs[i] = -weight * scores.doubleAt((i / inner * classes + label) * inner + i % inner);
            weights += weight;
        }
        double sum = Arrays.stream(costs).sum();
        return switch (call.text("reduction", "mean")) {
            case "none" -> Value.of(scores.type(), target.dims(), costs);
            case "sum" -> Value.of(scores.type(), new int[0], new double[] {sum});
            default -> Value.of(scores.type(), new int[0], new double[] {sum / weights});
        };
    }
}
