package io.squisher.apps;

import io.squisher.NamePattern;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.unlearn.DampeningOptions;
import io.squisher.apps.unlearn.DampeningPlan;
import io.squisher.apps.unlearn.SynapticDampening;
import io.squisher.fisher.FisherScale;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model forgets some of the examples that it was trained on, without training:
 *
 * <pre>{@code
 * Unlearning.of(model).fisher(ofAll).forget(ofSome).alpha(5).writeTo(forgetful);
 * }</pre>
 *
 * <p>Not for several threads at once.
 */
public final class Unlearning {
    private static final String TASK = "cannot unlearn";

    private final Path model;
    private Optional<Path> fisher = Optional.empty();
    private Optional<Path> forget = Optional.empty();
    private double alpha = DampeningOptions.USUAL_ALPHA;
    private double lambda = DampeningOptions.USUAL_LAMBDA;
    private FisherScale scale = FisherScale.BATCH_IF_KNOWN;
    private Optional<Pattern> exclude = Optional.empty();
    private boolean otherModel;

    private Unlearning(Path model) {
        this.model = model;
    }

    /** Unlearning in a model in a file of any known format. */
    public static Unlearning of(Path model) {
        return new Unlearning(model);
    }

    /** The model's Fisher or Squisher over all examples that it was trained on. */
    public Unlearning fisher(Path file) {
        fisher = Optional.of(file);
        return this;
    }

    /** The model's Fisher over the examples that it is to forget. */
    public Unlearning forget(Path file) {
        forget = Optional.of(file);
        return this;
    }

    /** What the Fisher of the forget set must exceed that of all by, above 0; 10 unless given. */
    public Unlearning alpha(double threshold) {
        alpha = threshold;
        return this;
    }

    /** How much the selected parameters keep, at least 0; 1 unless given. */
    public Unlearning lambda(double kept) {
        lambda = kept;
        return this;
    }

    /** What accumulators are multiplied with; the batch size, if it is known, unless given. */
    public Unlearning scale(FisherScale ofAccumulators) {
        scale = ofAccumulators;
        return this;
    }

    /** Parameters in whose name {@code regex} is found stay as they are. */
    public Unlearning exclude(String regex) {
        exclude = Optional.of(NamePattern.of(regex));
        return this;
    }

    /** Takes Fishers that were made for other weights of the same shapes. */
    public Unlearning allowOtherModel() {
        otherModel = true;
        return this;
    }

    /**
     * Writes the model that has forgotten, in the format of the one given.
     *
     * @throws io.squisher.SquisherException if the Fishers cannot be compared, or belong to other weights
     */
    public Written writeTo(Path output) {
        Path whole = OpenFiles.required(fisher, TASK, "fisher(file)");
        Path part = OpenFiles.required(forget, TASK, "forget(file)");
        OpenFiles.checkModel(output, List.of(model, whole, part));
        DampeningOptions options = new DampeningOptions(alpha, lambda, scale, exclude, otherModel);
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> weights = open.models(List.of(model));
            List<NamedFisher> fishers = open.fishers(List.of(whole, part));
            open.throwIfAny();
            DampeningPlan plan = SynapticDampening.plan(weights.get(0), fishers.get(0), fishers.get(1), options);
            OpenFiles.write(output, weights.get(0), plan.tensors(), plan.metadata());
            return new Written(output, plan.summary(), plan.warnings());
        }
    }

    /** What forgets. */
    @Override
    public String toString() {
        return "unlearning in " + model + ": call writeTo(file)";
    }
}
