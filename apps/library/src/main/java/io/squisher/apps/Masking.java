package io.squisher.apps;

import io.squisher.NamePattern;
import io.squisher.apps.mask.FishMask;
import io.squisher.apps.mask.FisherScoring;
import io.squisher.apps.mask.MaskOptions;
import io.squisher.apps.mask.MaskOptions.HeadCount;
import io.squisher.apps.mask.MaskPlan;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.mask.MaskFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The parameters that matter most, as a FISH mask (Sung et al. 2021):
 *
 * <pre>{@code
 * Masking.of(fisher).keep(0.02).exclude("head").writeTo(mask);
 * }</pre>
 *
 * <p>Not for several threads at once.
 */
public final class Masking {
    private final Path fisher;
    private Optional<Double> keep = Optional.empty();
    private Scope scope = Scope.GLOBAL;
    private Optional<Pattern> exclude = Optional.empty();
    private HeadCount count = HeadCount.OUTSIDE;
    private OptionalLong seed = OptionalLong.empty();

    private Masking(Path fisher) {
        this.fisher = fisher;
    }

    /** The mask of a Fisher, a Squisher, or means of absolute gradients. */
    public static Masking of(Path fisher) {
        return new Masking(fisher);
    }

    /** The share of parameters that are kept (trained), above 0 and at most 1. */
    public Masking keep(double share) {
        keep = Optional.of(share);
        return this;
    }

    /** Whether the share holds overall, as it does unless given, or in each tensor. */
    public Masking scope(Scope counted) {
        scope = counted;
        return this;
    }

    /** Parameters in whose name {@code regex} is found are kept beside the share: the head, as a rule. */
    public Masking exclude(String regex) {
        return exclude(regex, HeadCount.OUTSIDE);
    }

    /** Parameters in whose name {@code regex} is found are kept, and use up the share or not. */
    public Masking exclude(String regex, HeadCount counted) {
        exclude = Optional.of(NamePattern.of(regex));
        count = counted;
        return this;
    }

    /** The baseline: parameters that a generator draws. */
    public Masking atRandom(long generatorSeed) {
        seed = OptionalLong.of(generatorSeed);
        return this;
    }

    /**
     * Selects and writes the mask.
     *
     * @throws io.squisher.SquisherException if the share keeps nothing, or the file is no Fisher
     */
    public Written writeTo(Path output) {
        OpenFiles.checkSafetensors(output, "a mask", List.of(fisher));
        double share = OpenFiles.required(keep, "cannot make a mask", "keep(share)");
        MaskOptions options = new MaskOptions(share, scope, exclude, count);
        try (OpenFiles open = new OpenFiles()) {
            List<NamedFisher> named = open.fishers(List.of(fisher));
            open.throwIfAny();
            FisherDiagonal diagonal = named.get(0).diagonal();
            Scoring scoring = seed.isPresent()
                    ? RandomScoring.ofShapes(diagonal, seed.getAsLong())
                    : new FisherScoring(named.get(0));
            MaskPlan plan = FishMask.plan(diagonal, scoring, options);
            MaskFile.write(output, plan.masks(), plan.metadata());
            return new Written(output, plan.summary(), plan.warnings());
        }
    }

    /** What the mask is made from. */
    @Override
    public String toString() {
        return "mask from " + fisher + ": call writeTo(file)";
    }
}
