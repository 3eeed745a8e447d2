package io.squisher.apps.cli.command.merge;

import io.squisher.apps.cli.command.merge.MergeSettings.Method;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.merge.FisherMergeOptions.Normalization;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergeOptions.Excluded;
import io.squisher.apps.merge.ModelWeight;
import io.squisher.apps.merge.TaskVectorOptions;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.topk.Scope;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ElementType;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** A merge as flags say it. */
final class MergeFlags {
    /** Options, and keys of recipes, that only some methods have; {@code --seed} also belongs to a search. */
    static final Map<String, Set<Method>> METHODS = Map.ofEntries(
            Map.entry("floor", EnumSet.of(Method.FISHER)),
            Map.entry("floor-value", EnumSet.of(Method.FISHER)),
            Map.entry("normalize", EnumSet.of(Method.FISHER)),
            Map.entry("scale", EnumSet.of(Method.AVERAGE, Method.FISHER, Method.UBGM)),
            Map.entry("base", Method.WITH_BASE),
            Map.entry(
                    "alpha",
                    EnumSet.of(Method.UBGM, Method.TASK_ARITHMETIC, Method.TIES, Method.DARE, Method.BREADCRUMBS)),
            Map.entry("base-fisher", EnumSet.of(Method.UBGM)),
            Map.entry("base-weight", EnumSet.of(Method.UBGM)),
            Map.entry("delta0", EnumSet.of(Method.UBGM)),
            Map.entry("density", EnumSet.of(Method.TIES, Method.DARE, Method.BREADCRUMBS)),
            Map.entry("gamma", EnumSet.of(Method.BREADCRUMBS)),
            Map.entry("lambda", EnumSet.of(Method.TASK_ARITHMETIC, Method.TIES, Method.DARE, Method.BREADCRUMBS)),
            Map.entry("seed", EnumSet.of(Method.DARE)),
            Map.entry("scope", EnumSet.of(Method.TIES)));

    /** Names of types as PyTorch and mergekit write them. */
    private static final Map<String, ElementType> TYPES = Map.of(
            "float16", ElementType.F16,
            "bfloat16", ElementType.BF16,
            "float32", ElementType.F32,
            "float64", ElementType.F64);

    private static final Domain<ElementType> TYPE =
            Domain.oneOf(TYPES.keySet().stream().sorted().toList()).map(TYPES::get);

    private final CommandLine line;
    private final Values values;

    MergeFlags(CommandLine line, Values values) {
        this.line = line;
        this.values = values;
    }

    static Options declare() {
        return new Options()
                .addOption(Flags.value(
                        "recipe", "FILE", Domain.PATH, "everything below (but -o and --search) from a YAML file"))
                .addOption(Flags.value(
                        "method",
                        "M",
                        Domain.oneOf(MergeSettings.Method.class),
                        "average (the mean), fisher (weighted by Fishers, default), ubgm, task-arithmetic, ties,"
                                + " dare, breadcrumbs or model-stock (from a base), or slerp (of two)"))
                .addOption(Flags.value(
                        "model",
                        "FILE",
                        Domain.PATH.repeated(),
                        "a model; the first gives the output its format and constants"))
                .addOption(Flags.value(
                        "fisher", "FILE", Domain.PATH.repeated(), "the Fisher or Squisher of the model before it"))
                .addOption(Flags.value(
                        "weight",
                        "W",
                        Domain.NUMBER.repeated(),
                        "share of the model before it (ubgm: factor of its Fisher; task-arithmetic, dare, breadcrumbs: of"
                                + " its task vector); default 1"))
                .addOption(Flags.value(
                        "weights",
                        "FROM",
                        Domain.oneOf(MergeSettings.Weights.class),
                        "given (default), or data-size: of the Fishers' data sets; ubgm: the base too"))
                .addOption(Flags.scale())
                .addOption(Flags.value(
                        "floor",
                        "F",
                        Domain.oneOf(Floor.class),
                        "fisher: none (default), target (first model), all, or add"))
                .addOption(Flags.value("floor-value", "X", Domain.POSITIVE, "fisher: the floor; default 1e-6"))
                .addOption(Flags.value(
                        "normalize",
                        "N",
                        Domain.oneOf(Normalization.class),
                        "fisher: none (default) or l2, divide by each global norm"))
                .addOption(Flags.value(
                        "base",
                        "FILE",
                        Domain.PATH,
                        "the model that the others were fine-tuned from, for methods that start there"))
                .addOption(Flags.value("base-fisher", "FILE", Domain.PATH, "ubgm: the base's Fisher"))
                .addOption(
                        Flags.value("base-weight", "W", Domain.NUMBER, "ubgm: factor of the base's Fisher; default 1"))
                .addOption(Flags.value(
                        "alpha",
                        "A",
                        Domain.POSITIVE,
                        "with a base: factor of the task vectors (lambda of task arithmetic); default 1"))
                .addOption(
                        Flags.value("delta0", "D", Domain.NOT_NEGATIVE, "ubgm: added to the base's Fisher; default 0"))
                .addOption(Flags.value(
                        "density",
                        "D",
                        Domain.SHARE,
                        "ties, dare, breadcrumbs: share of each task vector that is kept; ties: default 0.2"))
                .addOption(Flags.value(
                        "gamma",
                        "G",
                        Domain.BELOW_ONE,
                        "breadcrumbs: share of each tensor's largest changes that is left out; default 0.01"))
                .addOption(Flags.value(
                        "scope",
                        "S",
                        Domain.oneOf(Scope.class),
                        "ties: keep that share globally (default) or in each layer"))
                .addOption(Flags.exclude("parameters that are not merged"))
                .addOption(Flags.value(
                        "excluded",
                        "E",
                        Domain.oneOf(Excluded.class),
                        "what becomes of those: first (default, copied) or average"))
                .addOption(Flags.value("dtype", "T", TYPE, "safetensors: write float16, bfloat16, float32 or float64"))
                .addOption(Flags.allowOtherModel());
    }

    MergeSettings settings() {
        List<ModelOptions> models = ModelOptions.of(line, values);
        if (models.size() < 2) {
            throw values.wrong("a merge needs --model at least twice");
        }
        Method method = values.choice("method", Method.class).orElse(Method.FISHER);
        refuseOthers(method);
        return new MergeSettings(
                models,
                models.stream().map(model -> ModelWeight.of(model.weight())).toList(),
                weights(),
                Method.WITH_BASE.contains(method) ? Optional.of(base(method)) : Optional.empty(),
                method,
                values.valid(this::fisherOptions),
                values.valid(this::ubgmOptions),
                values.valid(() -> taskVectorOptions(method)),
                new MergeOptions(
                        values.regex("exclude"),
                        values.choice("excluded", Excluded.class).orElse(Excluded.FIRST),
                        values.text("dtype").map(TYPES::get),
                        line.hasOption("allow-other-model")),
                Optional.empty());
    }

    private MergeSettings.Weights weights() {
        MergeSettings.Weights weights =
                values.choice("weights", MergeSettings.Weights.class).orElse(MergeSettings.Weights.GIVEN);
        if (weights == MergeSettings.Weights.DATA_SIZE) {
            refuseBeside("weights data-size", "weight", "base-weight", "search");
        }
        return weights;
    }

    private void refuseBeside(String chosen, String... others) {
        for (String other : others) {
            if (line.hasOption(other)) {
                throw values.wrong("--" + other + " has no place beside --" + chosen);
            }
        }
    }

    /** An option of another method would silently do nothing. */
    private void refuseOthers(Method method) {
        declare().getOptions().stream()
                .map(Option::getLongOpt)
                .filter(line::hasOption)
                .filter(option -> !METHODS.getOrDefault(option, Set.of(method)).contains(method))
                .findFirst()
                .ifPresent(option -> {
                    throw values.wrong("--" + option + " belongs to --method " + names(METHODS.get(option)));
                });
    }

    /** Methods by their names, for messages. */
    static String names(Set<Method> methods) {
        return methods.stream().map(Values::spellConstant).collect(Collectors.joining(", "));
    }

    private ModelOptions base(Method method) {
        Path model = values.path("base")
                .orElseThrow(() -> values.wrong("--method " + Values.spellConstant(method) + " needs --base"));
        return new ModelOptions(
                model, values.path("base-fisher"), values.number("base-weight").orElse(1.0));
    }

    private FisherMergeOptions fisherOptions() {
        return new FisherMergeOptions(
                values.choice("floor", Floor.class).orElse(Floor.NONE),
                values.number("floor-value").orElse(FisherMergeOptions.DEFAULT_FLOOR),
                values.choice("normalize", Normalization.class).orElse(Normalization.NONE),
                values.scale().orElse(FisherScale.BATCH_IF_KNOWN));
    }

    private UbgmOptions ubgmOptions() {
        return new UbgmOptions(
                values.number("alpha").orElse(1.0),
                values.number("delta0").orElse(0.0),
                values.scale().orElse(FisherScale.BATCH_IF_KNOWN));
    }

    private TaskVectorOptions taskVectorOptions(Method method) {
        if (Method.WITH_DENSITY.contains(method) && !values.has("density")) {
            throw values.wrong("--method " + Values.spellConstant(method)
                    + " needs --density, the share of each task vector that is kept");
        }
        return new TaskVectorOptions(
                values.number("alpha").orElse(1.0),
                values.number("density").orElse(TaskVectorOptions.TIES_DENSITY),
                values.choice("scope", Scope.class).orElse(Scope.GLOBAL),
                values.wholeNumber("seed").orElse(0L),
                values.number("gamma").orElse(TaskVectorOptions.BREADCRUMBS_GAMMA));
    }

    /** The type of a name. */
    static Optional<ElementType> typeOf(String name) {
        return Optional.ofNullable(TYPES.get(name));
    }

    /** The name of a type that can be asked for. */
    static String nameOf(ElementType type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** The names, for messages. */
    static String typeNames() {
        return String.join(", ", TYPES.keySet().stream().sorted().toList());
    }
}
