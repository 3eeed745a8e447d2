package io.squisher.examples.reproduce.text.model;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** How often a model of a task is right. */
public final class Scorer {
    private Scorer() {}

    /**
     * Share of texts of the right class, percent.
     *
     * @param sets of one length each
     */
    public static double accuracy(Path model, Examples... sets) {
        OnnxFile file = OnnxFile.read(model);
        List<Evaluation> evaluations = Arrays.stream(sets)
                .map(set ->
                        Evaluation.of(file, set, new Likelihood.Categorical(-1)).withOutputsAreLogits())
                .toList();
        return 100 * Evaluation.run(evaluations).value();
    }
}
