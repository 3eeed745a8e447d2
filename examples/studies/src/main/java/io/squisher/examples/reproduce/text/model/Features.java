package io.squisher.examples.reproduce.text.model;

import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a model's last layer gets of texts.
 *
 * @param rows a vector for each text
 * @param labels a class for each text
 */
record Features(List<double[]> rows, List<Integer> labels) {
    /** The name of the vectors among examples. */
    static final String NAME = "features";

    private static final String LABELS = "labels";

    /** Those of a model with a head. */
    static Features of(Evaluation evaluation) {
        List<double[]> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        evaluation
                .lastLayer((features, logits, label) -> {
                    rows.add(features);
                    labels.add(label);
                })
                .orElseThrow();
        return new Features(rows, labels);
    }

    private int width() {
        return rows.get(0).length;
    }

    /** The mean vector. */
    double[] mean() {
        double[] mean = new double[width()];
        for (double[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / rows.size();
            }
        }
        return mean;
    }

    /** Them to train on. */
    Examples examples() {
        float[] values = new float[rows.size() * width()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows.get(i / width())[i % width()];
        }
        long[] classes = labels.stream().mapToLong(Integer::longValue).toArray();
        return Examples.of(
                NAME,
                Map.of(
                        NAME,
                        Tensor.of(Shape.of(rows.size(), width()), values),
                        LABELS,
                        Tensor.of(Shape.of(classes.length), classes)));
    }
}
