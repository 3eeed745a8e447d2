package io.squisher.apps;

import io.squisher.NamePattern;
import io.squisher.SquisherException;
import io.squisher.apps.compress.Compression;
import io.squisher.apps.compress.CompressionMethod;
import io.squisher.apps.compress.CompressionOptions;
import io.squisher.apps.compress.CompressionPlan;
import io.squisher.apps.compress.LinearLayer;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherScale;
import io.squisher.format.onnx.FactorizedWeight;
import io.squisher.format.onnx.FactorizedWeights;
import io.squisher.format.onnx.LinearWeights;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Linear layers of an ONNX model become products of two smaller matrices, of ranks that cost least:
 *
 * <pre>{@code
 * Compressing.of(model).fisher(fisher).budget(0.5).writeTo(smaller);
 * }</pre>
 *
 * <p>Not for several threads at once.
 */
public final class Compressing {
    private static final String TASK = "cannot compress";

    private final Path model;
    private Optional<Path> fisher = Optional.empty();
    private Optional<Double> budget = Optional.empty();
    private CompressionMethod method = CompressionMethod.FISHER;
    private FisherScale scale = FisherScale.BATCH_IF_KNOWN;
    private Optional<Pattern> exclude = Optional.empty();
    private boolean otherModel;

    private Compressing(Path model) {
        this.model = model;
    }

    /** The compression of an ONNX model. */
    public static Compressing of(Path model) {
        return new Compressing(model);
    }

    /** The model's Fisher or Squisher. */
    public Compressing fisher(Path file) {
        fisher = Optional.of(file);
        return this;
    }

    /** The share of the linear layers' weights that may stay, above 0 and at most 1. */
    public Compressing budget(double share) {
        budget = Optional.of(share);
        return this;
    }

    /** By the Fisher of rows, unless a baseline is wanted. */
    public Compressing method(CompressionMethod chosen) {
        method = chosen;
        return this;
    }

    /** What accumulators are multiplied with; the batch size, if it is known, unless given. */
    public Compressing scale(FisherScale ofAccumulators) {
        scale = ofAccumulators;
        return this;
    }

    /** Layers in whose matrix's name {@code regex} is found stay as they are and are not counted. */
    public Compressing exclude(String regex) {
        exclude = Optional.of(NamePattern.of(regex));
        return this;
    }

    /** Takes a Fisher that was made for other weights of the same shapes. */
    public Compressing allowOtherModel() {
        otherModel = true;
        return this;
    }

    /**
     * Factorizes the layers and writes the smaller model.
     *
     * @throws SquisherException if the budget cannot be kept, the model has no graph, or the Fisher belongs to other weights
     */
    public Written writeTo(Path output) {
        List<Path> inputs = new ArrayList<>(List.of(model));
        fisher.ifPresent(inputs::add);
        OpenFiles.checkModel(output, inputs);
        CompressionOptions options = new CompressionOptions(
                OpenFiles.required(budget, TASK, "budget(share)"), method, scale, exclude, otherModel);
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> models = open.models(List.of(model));
            List<NamedFisher> diagonals = open.fishers(fisher.stream().toList());
            open.throwIfAny();
            WeightSource weights = models.get(0);
            if (!weights.format().hasGraph()) {
                throw new SquisherException(TASK + " '" + model + "': it is a "
                        + weights.format().name() + ", which has no graph to put a second product into; give the ONNX"
                        + " model");
            }
            OpenFiles.checkName(output, weights);
            OnnxFile file = OnnxFile.read(model);
            List<LinearLayer> layers = LinearWeights.of(file).layers().stream()
                    .map(layer -> new LinearLayer(layer.name(), layer.inputAxis()))
                    .toList();
            Compression compression =
                    Compression.of(weights, layers, diagonals.stream().findFirst(), options);
            CompressionPlan plan = compression.plan();
            List<FactorizedWeight> factors = compression.factors(plan).stream()
                    .map(layer -> new FactorizedWeight(layer.name(), layer.first(), layer.second()))
                    .toList();
            new FactorizedWeights(file, factors).write(output, plan.metadata());
            return new Written(output, plan.summary(), plan.warnings());
        }
    }

    /** What is compressed. */
    @Override
    public String toString() {
        return "compression of " + model + ": call writeTo(file)";
    }
}
