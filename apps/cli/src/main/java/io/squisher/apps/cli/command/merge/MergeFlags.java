package io.squisher.apps.cli.command.merge;

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
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** A merge as flags say it. */
final class MergeFlags {
    private static final List<String> OF_FISHER = List.of("floor", "floor-value", "normalize");
    private static final List<String> OF_UBGM = List.of("base", "base-fisher", "base-weight", "alpha", "delta0");

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
                        "average (the mean), fisher (weighted by Fishers, default), or ubgm (from a base)"))
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
                        "share of the model before it (ubgm: factor of its Fisher); default 1"))
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
                        "base", "FILE", Domain.PATH, "ubgm: the model that the others were fine-tuned from"))
                .addOption(Flags.value("base-fisher", "FILE", Domain.PATH, "ubgm: the base's Fisher"))
                .addOption(
                        Flags.value("base-weight", "W", Domain.NUMBER, "ubgm: factor of the base's Fisher; default 1"))
                .addOption(Flags.value("alpha", "A", Domain.POSITIVE, "ubgm: factor of the task vectors; default 1"))
                .addOption(
                        Flags.value("delta0", "D", Domain.NOT_NEGATIVE, "ubgm: added to the base's Fisher; default 0"))
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
        MergeSettings.Method method =
                values.choice("method", MergeSettings.Method.class).orElse(MergeSettings.Method.FISHER);
        refuse(method == MergeSettings.Method.FISHER ? List.of() : OF_FISHER, "fisher");
        refuse(method == MergeSettings.Method.UBGM ? List.of() : OF_UBGM, "ubgm");
        return new MergeSettings(
                models,
                models.stream().map(model -> ModelWeight.of(model.weight())).toList(),
                weights(),
                method == MergeSettings.Method.UBGM ? Optional.of(base()) : Optional.empty(),
                method,
                values.valid(this::fisherOptions),
                values.valid(this::ubgmOptions),
                new MergeOptions(
                        values.regex("exclude"),
                        values.choice("excluded", Excluded.class).orElse(Excluded.FIRST),
                        values.text("dtype").map(TYPES::get),
                        line.hasOption("allow-other-model")));
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
    private void refuse(List<String> options, String method) {
        options.stream().filter(line::hasOption).findFirst().ifPresent(option -> {
            throw values.wrong("--" + option + " belongs to --method " + method);
        });
    }

    private ModelOptions base() {
        Path model = values.path("base").orElseThrow(() -> values.wrong("--method ubgm needs --base"));
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

    /** The type of a name. */
    static Optional<ElementType> typeOf(String name) {
        return Optional.ofNullable(TYPES.get(name));
    }

    /** The names, for messages. */
    static String typeNames() {
        return String.join(", ", TYPES.keySet().stream().sorted().toList());
    }
}
