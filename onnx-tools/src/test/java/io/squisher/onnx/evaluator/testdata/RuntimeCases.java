package io.squisher.onnx.evaluator.testdata;

import java.util.stream.Stream;

/** Cases for operators and modes that the ONNX project's data (opset 17) lacks, all of which ONNX Runtime runs. */
public final class RuntimeCases {
    private RuntimeCases() {}

    public static Stream<OneNodeModel> all() {
        return Stream.of(
                        ArithmeticCases.all(),
                        AttentionCases.all(),
                        FusedCases.all(),
                        GridCases.all(),
                        IndexingCases.all(),
                        MicrosoftAttentionCases.all(),
                        NormalizationCases.all(),
                        RecurrentCases.all(),
                        RegionCases.all(),
                        ResizeCases.all(),
                        ShapeCases.all(),
                        SignalCases.all(),
                        WindowCases.all())
                .flatMap(cases -> cases);
    }
}
