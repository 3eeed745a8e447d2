package io.squisher.apps;

import io.squisher.Counted;
import io.squisher.NamePattern;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.prune.LossRiseScoring;
import io.squisher.apps.prune.MagnitudeScoring;
import io.squisher.apps.prune.StructuredOptions;
import io.squisher.apps.prune.StructuredPlan;
import io.squisher.apps.prune.StructuredPrune;
import io.squisher.apps.prune.UnitScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.units.RemovableUnits;
import io.squisher.units.UnitGroup;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whole filters, neurons or heads leave a model, which becomes smaller:
 *
 * <pre>{@code
 * UnitPruning.of(ModelUnits.of(model)).fisher(fisher).kind(UnitGroup.Kind.FILTERS).sparsity(0.5).writeTo(smaller);
 * }</pre>
 *
 * <p>A unit counts by the sum of ½ F θ² over its own parameters where there is a Fisher, of |θ| otherwise. What cannot be taken out
 * of the graph stays whole. {@code ModelUnits} is in {@code squisher-onnx-tools}. Not for several threads at once.
 */
public final class UnitPruning {
    private static final String TASK = "cannot prune units";

    private final RemovableUnits units;
    private Optional<Path> fisher = Optional.empty();
    private Optional<UnitGroup.Kind> kind = Optional.empty();
    private Optional<Double> sparsity = Optional.empty();
    private Scope scope = Scope.GLOBAL;
    private Optional<Pattern> exclude = Optional.empty();
    private boolean otherModel;

    private UnitPruning(RemovableUnits units) {
        this.units = units;
    }

    /** The pruning of a model whose units are known. */
    public static UnitPruning of(RemovableUnits units) {
        return new UnitPruning(units);
    }

    /** The model's Fisher or Squisher. */
    public UnitPruning fisher(Path file) {
        fisher = Optional.of(file);
        return this;
    }

    /** Which units. */
    public UnitPruning kind(UnitGroup.Kind wanted) {
        kind = Optional.of(wanted);
        return this;
    }

    /** The share of the units that go, 0 to 1; each group keeps at least one. */
    public UnitPruning sparsity(double share) {
        sparsity = Optional.of(share);
        return this;
    }

    /** Whether the share holds overall, as it does unless given, or in each group. */
    public UnitPruning scope(Scope counted) {
        scope = counted;
        return this;
    }

    /** A group with a parameter in whose name {@code regex} is found stays whole. */
    public UnitPruning exclude(String regex) {
        exclude = Optional.of(NamePattern.of(regex));
        return this;
    }

    /** Takes a Fisher that was made for other weights of the same shapes. */
    public UnitPruning allowOtherModel() {
        otherModel = true;
        return this;
    }

    /**
     * Prunes and writes the smaller model.
     *
     * @throws io.squisher.SquisherException if no unit of the kind can be taken out, or the Fisher belongs to other weights
     */
    public Written writeTo(Path output) {
        List<Path> inputs = new ArrayList<>(List.of(units.path()));
        fisher.ifPresent(inputs::add);
        OpenFiles.checkModel(output, inputs);
        StructuredOptions options = new StructuredOptions(
                OpenFiles.required(sparsity, TASK, "sparsity(share)"),
                OpenFiles.required(kind, TASK, "kind(filters, neurons or heads)"),
                scope,
                StructuredOptions.Elsewhere.LEAVE,
                exclude,
                otherModel);
        try (OpenFiles open = new OpenFiles()) {
            List<WeightSource> models = open.models(List.of(units.path()));
            List<NamedFisher> diagonals = open.fishers(fisher.stream().toList());
            open.throwIfAny();
            WeightSource model = models.get(0);
            OpenFiles.checkName(output, model);
            Scoring statistic =
                    diagonals.isEmpty() ? new MagnitudeScoring(model) : new LossRiseScoring(model, diagonals.get(0));
            StructuredPlan plan =
                    StructuredPrune.plan(model, units.groups(), statistic, UnitScoring.sum(model, statistic), options);
            units.write(output, model, plan.removable(), plan.maskedOnly(), plan.metadata());
            return new Written(output, summary(plan, options.kind()), plan.warnings());
        }
    }

    private static String summary(StructuredPlan plan, UnitGroup.Kind kind) {
        String left = plan.left().isEmpty() ? "" : ", " + Counted.of(plan.left().size(), "group") + " left whole";
        return plan.pruned() + " of " + plan.total() + " " + kind.name().toLowerCase(Locale.ROOT) + " are gone" + left;
    }

    /** What is pruned. */
    @Override
    public String toString() {
        return "pruning of units of " + units + ": call writeTo(file)";
    }
}
