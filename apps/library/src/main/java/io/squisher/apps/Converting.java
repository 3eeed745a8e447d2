package io.squisher.apps;

import io.squisher.Counted;
import io.squisher.apps.convert.Conversion;
import io.squisher.apps.convert.ConversionOptions;
import io.squisher.apps.convert.ConversionPlan;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.fisher.FisherFile;
import io.squisher.format.CheckpointFormats;
import io.squisher.proto.Provenance;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The optimizer state of a training checkpoint becomes a Squisher:
 *
 * <pre>{@code
 * Converting.of(checkpoint).model(weights).batchSize(64).writeTo(squisher);
 * }</pre>
 *
 * <p>Not for several threads at once.
 */
public final class Converting {
    private final Path checkpoint;
    private Optional<Path> model = Optional.empty();
    private Optional<Long> batchSize = Optional.empty();
    private Optional<Long> datasetSize = Optional.empty();
    private Optional<Provenance.Reduction> lossReduction = Optional.empty();
    private Optional<Double> decay = Optional.empty();
    private Optional<Long> step = Optional.empty();
    private Optional<List<String>> names = Optional.empty();
    private boolean assumeOrder;
    private Optional<String> stripPrefix = Optional.empty();

    private Converting(Path checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** The conversion of a checkpoint of any known kind, a file or a folder. */
    public static Converting of(Path checkpoint) {
        return new Converting(checkpoint);
    }

    /** The model's weights, where the checkpoint does not name its tensors. */
    public Converting model(Path weights) {
        model = Optional.of(weights);
        return this;
    }

    /** Examples in one optimizer step, over all devices and accumulated gradients. */
    public Converting batchSize(long examples) {
        batchSize = Optional.of(examples);
        return this;
    }

    /** Examples in the training set. */
    public Converting datasetSize(long examples) {
        datasetSize = Optional.of(examples);
        return this;
    }

    /** The loss is a sum over the examples of a batch, not their mean. */
    public Converting summedLoss() {
        lossReduction = Optional.of(Provenance.Reduction.SUM);
        return this;
    }

    /** The decay of the average (Adam's β2), above 0 and at most 1, where the file does not say it. */
    public Converting decay(double factor) {
        decay = Optional.of(factor);
        return this;
    }

    /** The optimizer's steps, where the file does not say them. */
    public Converting step(long steps) {
        step = Optional.of(steps);
        return this;
    }

    /** The parameters' names in the optimizer's order. */
    public Converting names(List<String> inOrder) {
        names = Optional.of(List.copyOf(inOrder));
        return this;
    }

    /** Believes that the model's file lists parameters as the optimizer does. */
    public Converting assumeOrder() {
        assumeOrder = true;
        return this;
    }

    /** Takes this from the beginnings of the names, with its point: what a wrapper put there. */
    public Converting stripPrefix(String prefix) {
        stripPrefix = Optional.of(prefix);
        return this;
    }

    /**
     * Pairs accumulators with parameters and writes the Squisher.
     *
     * @throws io.squisher.SquisherException if there are no accumulators, or a name is in doubt
     */
    public Written writeTo(Path output) {
        List<Path> inputs = new ArrayList<>(List.of(checkpoint));
        model.ifPresent(inputs::add);
        OpenFiles.checkSafetensors(output, "a Squisher", inputs);
        ConversionOptions options = new ConversionOptions(
                batchSize, datasetSize, lossReduction, decay, step, names, assumeOrder, stripPrefix);
        try (OpenFiles open = new OpenFiles()) {
            Checkpoint state = open.keep(CheckpointFormats.open(checkpoint));
            Optional<WeightSource> weights = model.map(CheckpointFormats::openWeights);
            weights.ifPresent(open::keep);
            ConversionPlan plan = Conversion.plan(state, weights, options);
            FisherFile.write(output, plan.diagonal());
            List<String> remarks = new ArrayList<>(plan.notes());
            remarks.addAll(plan.warnings());
            return new Written(output, Counted.of(plan.pairings().size(), "tensor"), remarks);
        }
    }

    /** What is converted. */
    @Override
    public String toString() {
        return "conversion of " + checkpoint + ": call writeTo(file)";
    }
}
