package io.squisher.examples.reproduce.text.model;

import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.format.onnx.OnnxFile;
import java.util.ArrayList;
import java.util.List;

/** How alike the texts of tasks are: the cosine of the means of the vectors that the encoder as it is gives them. */
public final class MeanFeatures {
    private MeanFeatures() {}

    /** 1 − cosine between each two tasks. */
    public static TaskDistances distances(TextModels models, List<TextTask> tasks, long seed) {
        List<double[]> means = new ArrayList<>();
        for (TextTask task : tasks) {
            means.add(Features.of(models.evaluation(
                            OnnxFile.read(models.probe(task, seed)),
                            models.sample(task, seed)
                                    .firstOfTraining(models.sizes().fisher())))
                    .mean());
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
}
