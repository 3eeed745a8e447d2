package io.squisher.apps;

import io.squisher.NamePattern;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.prune.LossRiseScoring;
import io.squisher.apps.prune.MagnitudeScoring;
import io.squisher.apps.prune.Prune;
import io.squisher.apps.prune.PruneOptions;
import io.squisher.apps.prune.PrunePlan;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.files.AtomicFile;
import io.squisher.mask.MaskFile;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The parameters of a model that matter least become 0:
 *
 * <pre>{@code
 * Pruning.of(model).fisher(fisher).sparsity(0.5).writeTo(pruned);
 * }</pre>
 *
 * <p>By ½ F θ² where there is a Fisher, by |θ| otherwise. Not for several threads at once.
 */
public final class Pruning {
    private static final String TASK = "cannot prune";

    private final Path model;
    private Optional<Path> fisher = Optional.empty();
    private OptionalLong seed = OptionalLong.empty();
    private Optional<Double> sparsity = Optional.empty();
    private Scope scope = Scope.GLOBAL;
    private Optional<Pattern> exclude = Optional.empty();
    private boolean otherModel;
    private Optional<Path> mask = Optional.empty();

    private Pruning(Path model) {
        this.model = model;
    }

    /** The pruning of a model in a file of any known format. */
    public static Pruning of(Path model) {
        return new Pruning(model);
    }

    /** The model's Fisher or Squisher. */
    public Pruning fisher(Path file) {
        fisher = Optional.of(file);
        return this;
    }

    /** The baseline: parameters that a generator draws. */
    public Pruning atRandom(long generatorSeed) {
        seed = OptionalLong.of(generatorSeed);
        return this;
    }

    /** The share of parameters that are 0 afterwards, at least 0 and below 1. */
    public Pruning sparsity(double share) {
        sparsity = Optional.of(share);
        return this;
    }

    /** Whether the share holds overall, as it does unless given, or in each tensor. */
    public Pruning scope(Scope counted) {
        scope = counted;
        return this;
    }

    /** Parameters in whose name {@code regex} is found are neither pruned nor counted. */
    public Pruning exclude(String regex) {
        exclude = Optional.of(NamePattern.of(regex));
        return this;
    }

    /** Takes a Fisher that was made for other weights of the same shapes. */
    public Pruning allowOtherModel() {
        otherModel = true;
        return this;
    }

    /** Writes a mask as well: 1 where a parameter stays. */
    public Pruning mask(Path output) {
        mask = Optional.of(output);
        return this;
    }

    /**
     * Prunes and writes the model, and the mask where one is wanted.
     *
     * @throws io.squisher.SquisherException if nothing can be pruned, or the Fisher belongs to other weights
     */
    public Written writeTo(Path output) {
        List<Path> inputs = new ArrayList<>(List.of(model));
        fisher.ifPresent(inputs::add);
        OpenFiles.checkModel(output, inputs);
        mask.ifPresent(file -> OpenFiles.checkSafetensors(file, "a mask", inputs, output));
        double share = OpenFiles.required(sparsity, TASK, "sparsity(share)");
        PruneOptions options = new PruneOptions(share, scope, exclude, otherModel);
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> weights = open.models(List.of(model));
            List<NamedFisher> diagonals = open.fishers(fisher.stream().toList());
            open.throwIfAny();
            PrunePlan plan = Prune.plan(weights.get(0), scoring(weights.get(0), diagonals), options);
            // The mask comes into its place after the model, so that none stands there alone.
            Optional<AtomicFile> prepared = mask.map(file -> MaskFile.prepare(file, plan.masks(), plan.metadata()));
            prepared.ifPresent(open::keep);
            OpenFiles.write(output, weights.get(0), plan.tensors(), plan.metadata());
            prepared.ifPresent(AtomicFile::commit);
            return new Written(output, plan.summary(), plan.warnings());
        }
    }

    private Scoring scoring(WeightSource weights, List<NamedFisher> diagonals) {
        if (seed.isPresent()) {
            return RandomScoring.ofWeights(weights, seed.getAsLong());
        }
        return diagonals.isEmpty() ? new MagnitudeScoring(weights) : new LossRiseScoring(weights, diagonals.get(0));
    }

    /** What is pruned. */
    @Override
    public String toString() {
        return "pruning of " + model + ": call writeTo(file)";
    }
}
