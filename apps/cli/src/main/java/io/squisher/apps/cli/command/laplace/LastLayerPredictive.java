package io.squisher.apps.cli.command.laplace;

import io.squisher.apps.laplace.LastLayer;
import io.squisher.apps.laplace.Posterior;
import io.squisher.apps.laplace.Predictions;
import io.squisher.onnx.evaluation.LinearEnd;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A posterior over the last layer, whose logits are linear in it. */
final class LastLayerPredictive implements Predictive {
    private final LinearEnd end;
    private final LastLayer layer;
    private final LayerData validation;
    private final LayerData test;

    /** What a layer gets and gives on some examples. */
    record LayerData(Predictions predictions, double[][] features) {}

    /**
     * @param fisher the Fisher by initializer, at scale
     */
    LastLayerPredictive(LinearEnd end, Function<String, Tensor> fisher, LayerData validation, LayerData test) {
        this.end = end;
        this.layer = new LastLayer(
                rows(fisher.apply(end.weights()), end.classesFirst()),
                end.bias().map(name -> fisher.apply(name).toDoubles()).orElse(new double[0]));
        this.validation = validation;
        this.test = test;
    }

    private static double[][] rows(Tensor matrix, boolean classesFirst) {
        int first = Math.toIntExact(matrix.shape().dim(0));
        int second = Math.toIntExact(matrix.shape().dim(1));
        double[] values = matrix.toDoubles();
        double[][] rows = new double[classesFirst ? first : second][classesFirst ? second : first];
        for (int i = 0; i < first; i++) {
            for (int j = 0; j < second; j++) {
                rows[classesFirst ? i : j][classesFirst ? j : i] = values[i * second + j];
            }
        }
        return rows;
    }

    @Override
    public double[][] probabilities(Posterior posterior, Part part) {
        LayerData data = part == Part.VALIDATION ? validation : test;
        return data.predictions().probabilities(layer.variances(data.features(), posterior));
    }

    @Override
    public List<String> tensors() {
        List<String> names = new ArrayList<>(List.of(end.weights()));
        end.bias().ifPresent(names::add);
        return names;
    }

    @Override
    public String words() {
        return "last layer, linear";
    }

    @Override
    public Grid grid() {
        return new Grid(-2, 5, 4);
    }
}
