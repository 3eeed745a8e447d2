package io.squisher.onnx.evaluator.testdata;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Value;
import java.util.stream.Stream;

/** GridSample in all its modes, and AffineGrid. */
final class GridCases {
    private GridCases() {}

    static Stream<OneNodeModel> all() {
        Stream<OneNodeModel> samples = Stream.of("linear", "nearest", "cubic")
                .flatMap(mode -> Stream.of("zeros", "border", "reflection")
                        .flatMap(padding -> Stream.of(0, 1).map(aligned -> op("GridSample", 20)
                                .normal(2, 2, 4, 5)
                                .uniform(-1.4, 1.4, 2, 3, 4, 2)
                                .with("mode", mode)
                                .with("padding_mode", padding)
                                .with("align_corners", aligned))));
        return Stream.concat(
                samples,
                Stream.of(
                        op("GridSample", 20).normal(1, 2, 3, 4, 5).uniform(-1.4, 1.4, 1, 2, 3, 2, 3),
                        op("AffineGrid", 20).normal(2, 2, 3).constant(Value.vector(2, 3, 4, 5)),
                        op("AffineGrid", 20)
                                .normal(1, 3, 4)
                                .constant(Value.vector(1, 2, 3, 4, 5))
                                .with("align_corners", 1)));
    }
}
