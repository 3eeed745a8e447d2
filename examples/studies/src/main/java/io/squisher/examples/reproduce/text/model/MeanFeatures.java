package io.squisher.examples.reproduce.text.model;

import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How alike the texts of tasks are: the cosine of the means of the vectors that the encoder as it is gives them. */
public final class MeanFeatures {
    private MeanFeatures() {}

    /** 1 − cosine between each two tasks. */
    public static TaskDistances distances(TextModels models, List<TextTask> tasks, long seed) {
        List<double[]> means = new ArrayList<>();
        for (TextTask task : tasks) {
            means.add(mean(
                    models.probe(task, seed),
                    models.sample(task, seed).firstOfTraining(models.sizes().fisher())));
        }
        double[][] matrix = new double[tasks.size()][tasks.size()];
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix.length; column++) {
                matrix[row][column] =
                        row == column ? 0 : Distance.PLAIN_COSINE.between(means.get(row), means.get(column));
            }
        }
        return new TaskDistances(tasks.stream().map(TextTask::name).toList(), matrix);
    }

    private static double[] mean(Path model, Examples texts) {
        List<double[]> all = new ArrayList<>();
        Evaluation.of(OnnxFile.read(model), texts, new Likelihood.Categorical(-1))
                .withOutputsAreLogits()
                .lastLayer((features, logits, label) -> all.add(features.clone()))
                .orElseThrow();
        double[] mean = new double[all.get(0).length];
        for (double[] features : all) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += features[i] / all.size();
            }
        }
        return mean;
    }
}
