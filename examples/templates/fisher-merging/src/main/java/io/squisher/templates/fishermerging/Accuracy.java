package io.squisher.templates.fishermerging;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/** How many digits an ONNX model tells right. */
final class Accuracy {
    private Accuracy() {}

    /** Percent of the images. */
    static double of(Path model, Digits digits) {
        long[] labels = IntStream.of(digits.labels()).asLongStream().toArray();
        Examples examples = Examples.of(
                "held-out images",
                Map.of(
                        "images", Tensor.of(Shape.of(digits.size(), Digits.PIXELS), digits.flat()),
                        "labels", Tensor.of(Shape.of(digits.size()), labels)));
        return 100
                * Evaluation.of(OnnxFile.read(model), examples, new Likelihood.Categorical(-1))
                        .run()
                        .value();
    }
}
