package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.ints;
import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import java.util.stream.Stream;

/** Normalizations. */
final class NormalizationCases {
    private NormalizationCases() {}

    static Stream<OneNodeModel> all() {
        return Stream.of(softmaxes(), normalizations()).flatMap(cases -> cases);
    }

    private static Stream<OneNodeModel> softmaxes() {
        return Stream.of(
                op("Softmax", 11).normal(2, 3, 4).with("axis", 1),
                op("LogSoftmax", 11).normal(2, 3, 4),
                op("Hardmax", 11).normal(2, 3, 4).with("axis", 2));
    }

    private static Stream<OneNodeModel> normalizations() {
        return Stream.of(
                op("BatchNormalization", 9)
                        .normal(2, 3, 4)
                        .normal(3)
                        .normal(3)
                        .normal(3)
                        .uniform(0.5, 2, 3),
                op("GroupNormalization", 21)
                        .normal(2, 6, 3, 2)
                        .normal(6)
                        .normal(6)
                        .with("num_groups", 3),
                op("GroupNormalization", 18)
                        .normal(2, 6, 3, 2)
                        .normal(3)
                        .normal(3)
                        .with("num_groups", 3),
                op("InstanceNormalization", 6)
                        .normal(2, 3, 4, 2)
                        .normal(3)
                        .normal(3)
                        .with("epsilon", 1e-3),
                op("LayerNormalization", 17)
                        .normal(2, 3, 4)
                        .normal(3, 4)
                        .normal(3, 4)
                        .with("axis", 1)
                        .outputs(3),
                op("RMSNormalization", 23).normal(2, 3, 4).normal(4),
                op("LRN", 13)
                        .normal(2, 6, 2, 3)
                        .with("size", 5)
                        .with("alpha", 0.3)
                        .with("beta", 0.6),
                op("LpNormalization", 1).normal(2, 3, 4).with("axis", 1).with("p", 1),
                op("LpNormalization", 1).normal(2, 3, 4),
                op("MeanVarianceNormalization", 13).normal(2, 3, 4, 5).with("axes", ints(0, 2)));
    }
}
