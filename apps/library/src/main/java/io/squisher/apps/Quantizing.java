package io.squisher.apps;

import io.squisher.NamePattern;
import io.squisher.SquisherException;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.quantization.ChannelAxes;
import io.squisher.apps.quantization.PlanJson;
import io.squisher.apps.quantization.PlanMethod;
import io.squisher.apps.quantization.PrecisionOptions;
import io.squisher.apps.quantization.PrecisionPlan;
import io.squisher.apps.quantization.PrecisionPlanner;
import io.squisher.apps.quantization.Quantization;
import io.squisher.apps.quantization.QuantizationPlan;
import io.squisher.apps.quantization.QuantizedModel;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.files.TextFile;
import io.squisher.fisher.FisherScale;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The weights of a model are rounded to few bits, each tensor to the format in which that costs least:
 *
 * <pre>{@code
 * Quantizing.of(model).fisher(fisher).budget(4.5).writeTo(rounded);
 * }</pre>
 *
 * <p>What is written has the types of the model, so that the effect can be measured. Not for several threads at once.
 */
public final class Quantizing {
    private static final String TASK = "cannot quantize";

    private final Path model;
    private Optional<Path> fisher = Optional.empty();
    private Optional<Path> plan = Optional.empty();
    private Optional<Double> budget = Optional.empty();
    private Optional<Candidate> format = Optional.empty();
    private List<Candidate> candidates = Candidate.usual();
    private PlanMethod method = PlanMethod.FISHER;
    private ChannelAxes axes = ChannelAxes.FIRST;
    private Optional<Pattern> exclude = Optional.empty();
    private boolean otherModel;

    private Quantizing(Path model) {
        this.model = model;
    }

    /** The quantization of a model in a file of any known format. */
    public static Quantizing of(Path model) {
        return new Quantizing(model);
    }

    /** The model's Fisher or Squisher. */
    public Quantizing fisher(Path file) {
        fisher = Optional.of(file);
        return this;
    }

    /** Bits a weight on average, scales included: the formats are those of a plan within them. */
    public Quantizing budget(double bitsPerWeight) {
        budget = Optional.of(bitsPerWeight);
        return this;
    }

    /** By what a plan chooses: by the Fisher, unless a baseline is wanted. */
    public Quantizing method(PlanMethod chosen) {
        method = chosen;
        return this;
    }

    /** The formats that a plan chooses from, such as {@code int8-channel} and {@code int4-group64}. */
    public Quantizing formats(String... names) {
        candidates = List.of(names).stream().map(Candidate::of).toList();
        return this;
    }

    /** One format for all tensors, instead of a plan. */
    public Quantizing format(String name) {
        format = Optional.of(Candidate.of(name));
        return this;
    }

    /** A plan that {@code squisher sensitivity} wrote. */
    public Quantizing plan(Path file) {
        plan = Optional.of(file);
        return this;
    }

    /** Output channels are along the last axis, as in Keras, and not along the first, as in PyTorch. */
    public Quantizing channelsLast() {
        axes = ChannelAxes.LAST;
        return this;
    }

    /** Parameters in whose name {@code regex} is found stay as they are. */
    public Quantizing exclude(String regex) {
        exclude = Optional.of(NamePattern.of(regex));
        return this;
    }

    /** Takes a plan or a Fisher that was made for other weights of the same shapes. */
    public Quantizing allowOtherModel() {
        otherModel = true;
        return this;
    }

    /**
     * Rounds the weights and writes the model.
     *
     * @throws SquisherException if the budget cannot be kept, or plan, Fisher and model do not belong together
     */
    public Written writeTo(Path output) {
        List<Path> inputs = new ArrayList<>(List.of(model));
        fisher.ifPresent(inputs::add);
        plan.ifPresent(inputs::add);
        OpenFiles.checkModel(output, inputs);
        long ways = List.of(plan, budget, format).stream()
                .filter(Optional::isPresent)
                .count();
        if (ways != 1) {
            throw new SquisherException(
                    TASK + ": say one of plan(file), budget(bits) and format(name) before, not " + ways + " of them");
        }
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> weights = open.models(List.of(model));
            List<NamedFisher> diagonals = open.fishers(fisher.stream().toList());
            open.throwIfAny();
            Optional<NamedFisher> diagonal = diagonals.stream().findFirst();
            QuantizationPlan chosen = chosen(weights.get(0), diagonal);
            QuantizedModel quantized = Quantization.plan(weights.get(0), chosen, diagonal, otherModel);
            OpenFiles.write(output, weights.get(0), quantized.rounded(), quantized.metadata());
            return new Written(output, quantized.summary(), quantized.warnings());
        }
    }

    private QuantizationPlan chosen(WeightSource weights, Optional<NamedFisher> diagonal) {
        if (plan.isPresent()) {
            String name = plan.get().toString();
            return PlanJson.read(name, TextFile.read(plan.get(), "quantization plan"));
        }
        if (format.isPresent()) {
            return QuantizationPlan.uniform(weights, format.get(), exclude, axes);
        }
        NamedFisher needed = OpenFiles.required(diagonal, TASK, "fisher(file)");
        PrecisionOptions options = new PrecisionOptions(
                budget.orElseThrow(), method, candidates, FisherScale.BATCH_IF_KNOWN, exclude, otherModel);
        PrecisionPlan found = new PrecisionPlanner(options, axes).plan(weights, needed);
        return QuantizationPlan.of(found);
    }

    /** What is rounded. */
    @Override
    public String toString() {
        return "quantization of " + model + ": call writeTo(file)";
    }
}
