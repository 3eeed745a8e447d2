package io.squisher.onnx.evaluator.normalization;

import io.squisher.onnx.evaluator.OperatorTable;

/** The list of normalizations. */
public final class NormalizationOperators {
    private NormalizationOperators() {}

    public static OperatorTable table() {
        return new OperatorTable()
                .many("BatchNormalization", BatchNormalization::evaluate)
                .one("GroupNormalization", GroupNormalization::evaluate)
                .one("Hardmax", call -> Softmax.evaluate(call, Softmax::hardmax))
                .one("InstanceNormalization", GroupNormalization::instance)
                .one("LRN", LocalResponseNormalization::evaluate)
                .many("LayerNormalization", LayerNormalization::evaluate)
                .one("LogSoftmax", call -> Softmax.evaluate(call, Softmax::logSoftmax))
                .one("LpNormalization", AxisNormalization::lp)
                .one("MeanVarianceNormalization", AxisNormalization::meanVariance)
                .one("RMSNormalization", LayerNormalization::rms)
                .one("Softmax", call -> Softmax.evaluate(call, Softmax::softmax));
    }
}
