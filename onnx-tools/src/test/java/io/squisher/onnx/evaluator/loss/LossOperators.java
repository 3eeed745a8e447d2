package io.squisher.onnx.evaluator.loss;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of losses. */
public final class LossOperators {
    private LossOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .one("NegativeLogLikelihoodLoss", CrossEntropy::negativeLogLikelihood)
                .many("SoftmaxCrossEntropyLoss", CrossEntropy::softmax);
    }
}
