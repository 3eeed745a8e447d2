package io.squisher.apps.cli.command.laplace;

import io.squisher.apps.PosteriorFile;
import io.squisher.apps.laplace.Posterior;
import io.squisher.apps.laplace.Predictions;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.evaluation.DrawnWeights;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** A posterior over many weights: predictions are means over networks whose weights are drawn from it. */
final class SampledPredictive implements Predictive {
    private final OnnxFile model;
    private final Map<String, Tensor> fisher;
    private final BiFunction<OnnxFile, Part, Predictions> run;
    private final int samples;
    private final long seed;

    /**
     * @param fisher by initializer, at scale
     * @param run the predictions of a model
     */
    SampledPredictive(
            OnnxFile model,
            Map<String, Tensor> fisher,
            BiFunction<OnnxFile, Part, Predictions> run,
            int samples,
            long seed) {
        this.model = model;
        this.fisher = fisher;
        this.run = run;
        this.samples = samples;
        this.seed = seed;
    }

    @Override
    public double[][] probabilities(Posterior posterior, Part part) {
        Map<String, Tensor> precisions = PosteriorFile.precisions(fisher, posterior);
        double[][] mean = {};
        for (int sample = 0; sample < samples; sample++) {
            Predictions drawn = run.apply(DrawnWeights.of(model, precisions, seed, sample), part);
            double[][] probabilities = drawn.probabilities(1.0);
            mean = sample == 0 ? new double[probabilities.length][probabilities[0].length] : mean;
            for (int n = 0; n < mean.length; n++) {
                for (int k = 0; k < mean[n].length; k++) {
                    mean[n][k] += probabilities[n][k] / samples;
                }
            }
        }
        return mean;
    }

    @Override
    public List<String> tensors() {
        return List.copyOf(fisher.keySet());
    }

    @Override
    public String words() {
        return samples + " networks drawn over " + fisher.size() + " tensors";
    }

    /** A run of the network for each sample and prior: few priors. */
    @Override
    public Grid grid() {
        return new Grid(0, 5, 2);
    }
}
