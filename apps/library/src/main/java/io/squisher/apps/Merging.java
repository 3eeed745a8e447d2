package io.squisher.apps;

import io.squisher.Article;
import io.squisher.NamePattern;
import io.squisher.SquisherException;
import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.BreadcrumbsMethod;
import io.squisher.apps.merge.DareMethod;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergeOptions.Excluded;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.merge.ModelStockMethod;
import io.squisher.apps.merge.SlerpMethod;
import io.squisher.apps.merge.TaskArithmeticMethod;
import io.squisher.apps.merge.TaskVectorOptions;
import io.squisher.apps.merge.TiesMethod;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.format.safetensors.DividedModel;
import io.squisher.format.safetensors.ShardRange;
import io.squisher.tensor.ElementType;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Several models of one architecture become one:
 *
 * <pre>{@code
 * Merging.of(modelA, modelB).fishers(fisherA, fisherB).writeTo(merged);
 * }</pre>
 *
 * <p>By their Fishers where there are some, by the average otherwise. The output has the format of the first model. Not for
 * several threads at once.
 */
public final class Merging {
    private static final String TASK = "cannot merge";

    private final List<Path> models;
    private List<Path> fishers = List.of();
    private Optional<double[]> weights = Optional.empty();
    private FisherMergeOptions fisherOptions = FisherMergeOptions.PLAIN;
    private Optional<MergeMethod> withoutBase = Optional.empty();
    private Optional<Descent> descent = Optional.empty();
    private Optional<Base> base = Optional.empty();
    private MergeOptions options = MergeOptions.DEFAULT;
    private Optional<ShardRange> range = Optional.empty();

    private record Base(Path model, Path fisher, double weight, UbgmOptions options) {}

    private record Descent(Path base, Function<MergeInput, MergeMethod> method) {}

    private Merging(List<Path> models) {
        this.models = models;
    }

    /** A merge of models in files of any known format, two or more. */
    public static Merging of(Path... models) {
        return new Merging(List.of(models));
    }

    /** The models' Fishers or Squishers, one for each in the order of the models. */
    public Merging fishers(Path... all) {
        fishers = List.of(all);
        return this;
    }

    /** The models' weights λ, relative to each other and not negative; all 1 unless given. */
    public Merging weights(double... all) {
        weights = Optional.of(all.clone());
        return this;
    }

    /** By the average, even where there are Fishers. */
    public Merging byAverage() {
        withoutBase = Optional.of(new AverageMethod());
        return this;
    }

    /** By spherical linear interpolation, of two models; {@link SlerpMethod} has the formula. */
    public Merging bySlerp() {
        withoutBase = Optional.of(new SlerpMethod());
        return this;
    }

    /** By task arithmetic from the model that all descend from; {@link TaskArithmeticMethod} has the formula. */
    public Merging byTaskArithmetic(Path ancestor, TaskVectorOptions variant) {
        descent = Optional.of(new Descent(ancestor, input -> new TaskArithmeticMethod(input, variant)));
        return this;
    }

    /** By TIES, which trims by the Fishers where there are some; {@link TiesMethod} has the formula. */
    public Merging byTies(Path ancestor, TaskVectorOptions variant) {
        descent = Optional.of(new Descent(ancestor, input -> new TiesMethod(input, variant)));
        return this;
    }

    /** By DARE, which keeps by the Fishers where there are some; {@link DareMethod} has the formula. */
    public Merging byDare(Path ancestor, TaskVectorOptions variant) {
        descent = Optional.of(new Descent(ancestor, input -> new DareMethod(input, variant)));
        return this;
    }

    /** By model breadcrumbs; {@link BreadcrumbsMethod} has the formula. */
    public Merging byBreadcrumbs(Path ancestor, TaskVectorOptions variant) {
        descent = Optional.of(new Descent(ancestor, input -> new BreadcrumbsMethod(input, variant)));
        return this;
    }

    /** By model stock; {@link ModelStockMethod} has the formula. */
    public Merging byModelStock(Path ancestor) {
        descent = Optional.of(new Descent(ancestor, ModelStockMethod::new));
        return this;
    }

    /** The variant of Fisher merging; {@link FisherMergeOptions#PLAIN} unless given. */
    public Merging variant(FisherMergeOptions variant) {
        fisherOptions = variant;
        return this;
    }

    /**
     * By uncertainty-based gradient matching: the models descend from one base.
     *
     * @param model the base
     * @param fisher its Fisher
     */
    public Merging base(Path model, Path fisher) {
        return base(model, fisher, 1, UbgmOptions.PLAIN);
    }

    /** As {@link #base(Path, Path)}, with the multiplier of the base's Fisher and the variant. */
    public Merging base(Path model, Path fisher, double weight, UbgmOptions variant) {
        base = Optional.of(new Base(model, fisher, weight, variant));
        return this;
    }

    /** Parameters in whose name {@code regex} is found are copied from the first model: heads, as a rule. */
    public Merging exclude(String regex) {
        return exclude(regex, Excluded.FIRST);
    }

    /** Parameters in whose name {@code regex} is found are not merged but treated so. */
    public Merging exclude(String regex, Excluded fate) {
        Pattern pattern = NamePattern.of(regex);
        options = new MergeOptions(Optional.of(pattern), fate, options.type(), options.allowOtherModel());
        return this;
    }

    /** The floating-point type of the output, for safetensors; that of the first model unless given. */
    public Merging type(ElementType type) {
        options = new MergeOptions(options.exclude(), options.excluded(), Optional.of(type), options.allowOtherModel());
        return this;
    }

    /** Takes Fishers that were made for other weights of the same shapes. */
    public Merging allowOtherModel() {
        options = new MergeOptions(options.exclude(), options.excluded(), options.type(), true);
        return this;
    }

    /**
     * Only some of the files of a model that several processes write on one file system: safetensors beside an index, which whoever
     * writes the last one adds.
     */
    public Merging shardRange(int first, int last, int count) {
        range = Optional.of(new ShardRange(first, last, count));
        return this;
    }

    /**
     * Merges and writes the model, whole or not at all; with {@link #shardRange}, each of the files so.
     *
     * @throws SquisherException with everything that does not fit together
     */
    public Written writeTo(Path output) {
        List<Path> inputs = new ArrayList<>(models);
        inputs.addAll(fishers);
        base.ifPresent(files -> inputs.addAll(List.of(files.model(), files.fisher())));
        descent.ifPresent(files -> inputs.add(files.base()));
        OpenFiles.checkModel(output, inputs);
        if (!fishers.isEmpty()) {
            OpenFiles.requireOneEach(TASK, models.size(), fishers.size(), "Fishers");
        }
        double[] shares = weights.orElseGet(() -> ones(models.size()));
        OpenFiles.requireOneEach(TASK, models.size(), shares.length, "weights");
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> sources = open.models(models);
            List<NamedFisher> diagonals = open.fishers(fishers);
            MergeMethod method = method(open);
            open.throwIfAny();
            requireOwnTypes(output, sources);
            List<MergeInput> all = new ArrayList<>();
            for (int i = 0; i < sources.size(); i++) {
                Optional<NamedFisher> fisher = diagonals.isEmpty() ? Optional.empty() : Optional.of(diagonals.get(i));
                all.add(new MergeInput(sources.get(i), fisher, shares[i]));
            }
            MergePlan plan = Merge.plan(all, method, options);
            if (range.isPresent()) {
                DividedModel.of(
                                output,
                                sources.get(0),
                                plan.tensors(),
                                plan.metadata(),
                                range.get().count())
                        .write(range.get());
            } else {
                OpenFiles.write(output, sources.get(0), plan.tensors(), plan.metadata());
            }
            List<String> warnings = new ArrayList<>(plan.warnings());
            warnings.addAll(plan.lateWarnings());
            return new Written(output, plan.summary(), warnings);
        }
    }

    private MergeMethod method(OpenFiles open) {
        if (base.isPresent()) {
            Base files = base.get();
            List<WeightSource> ancestor = open.models(List.of(files.model()));
            List<NamedFisher> fisher = open.fishers(List.of(files.fisher()));
            open.throwIfAny();
            MergeInput input = new MergeInput(ancestor.get(0), Optional.of(fisher.get(0)), files.weight());
            return new UbgmMethod(input, files.options());
        }
        if (descent.isPresent()) {
            List<WeightSource> ancestor = open.models(List.of(descent.get().base()));
            open.throwIfAny();
            return descent.get().method().apply(new MergeInput(ancestor.get(0), Optional.empty(), 1));
        }
        return withoutBase.orElseGet(() -> fishers.isEmpty() ? new AverageMethod() : new FisherMethod(fisherOptions));
    }

    /** The types of a graph's initializers are part of the graph. */
    private void requireOwnTypes(Path output, List<WeightSource> sources) {
        if (options.type().isPresent() && !sources.isEmpty()) {
            WeightFormat format = sources.get(0).format();
            if (!format.takesOtherTypes()) {
                throw new SquisherException("cannot write '" + output + "' with another type: the types in "
                        + Article.of(format.name()) + " are fixed by its graph");
            }
        }
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** What is merged. */
    @Override
    public String toString() {
        return "merge of " + models + ": call writeTo(file)";
    }
}
