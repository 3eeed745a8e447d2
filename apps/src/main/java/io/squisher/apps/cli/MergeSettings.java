package io.squisher.apps.cli;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.merge.FisherMergeOptions.Normalization;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergeOptions.Excluded;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.fisher.FisherScale;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.cli.CommandLine;

/**
 * The command line of a merge as values.
 *
 * @param base the base of UBGM
 * @param factory makes the method, given the opened base
 * @param output empty for a dry run
 */
record MergeSettings(
        List<ModelOptions> models,
        Optional<ModelOptions> base,
        Function<List<MergeInput>, MergeMethod> factory,
        MergeOptions options,
        Optional<Path> output) {
    private enum Method {
        AVERAGE,
        FISHER,
        UBGM
    }

    static MergeSettings of(CommandLine line, Values values) {
        List<ModelOptions> models = ModelOptions.of(line, values);
        if (models.size() < 2) {
            throw values.wrong("a merge needs --model at least twice");
        }
        Method method = values.choice("method", Method.class).orElse(Method.FISHER);
        refuseForeignOptions(line, values, method);
        Optional<Path> output = values.outputUnlessDryRun();
        MergeOptions options = new MergeOptions(
                values.regex("exclude"),
                values.choice("excluded", Excluded.class).orElse(Excluded.FIRST),
                line.hasOption("allow-other-model"));
        return new MergeSettings(
                models,
                method == Method.UBGM ? Optional.of(base(values)) : Optional.empty(),
                factory(method, values),
                options,
                output);
    }

    /** The method, bound to the opened base where it has one. */
    MergeMethod method(List<MergeInput> openBase) {
        return factory.apply(openBase);
    }

    /** An option of another method would silently do nothing. */
    private static void refuseForeignOptions(CommandLine line, Values values, Method method) {
        List<String> ofFisher = List.of("floor", "floor-value", "normalize");
        List<String> ofUbgm = List.of("base", "base-fisher", "base-weight", "alpha", "delta0");
        refuse(line, values, method == Method.FISHER ? List.of() : ofFisher, "fisher");
        refuse(line, values, method == Method.UBGM ? List.of() : ofUbgm, "ubgm");
    }

    private static void refuse(CommandLine line, Values values, List<String> options, String method) {
        options.stream().filter(line::hasOption).findFirst().ifPresent(option -> {
            throw values.wrong("--" + option + " belongs to --method " + method);
        });
    }

    private static ModelOptions base(Values values) {
        return new ModelOptions(
                values.path("base").orElseThrow(() -> values.wrong("--method ubgm needs --base")),
                values.path("base-fisher"),
                values.number("base-weight").orElse(1.0));
    }

    private static Function<List<MergeInput>, MergeMethod> factory(Method method, Values values) {
        return switch (method) {
            case AVERAGE -> base -> new AverageMethod();
            case FISHER -> {
                FisherMethod fisher = new FisherMethod(values.valid(() -> fisherOptions(values)));
                yield base -> fisher;
            }
            case UBGM -> {
                UbgmOptions ubgm = values.valid(() -> ubgmOptions(values));
                yield base -> new UbgmMethod(base.get(0), ubgm);
            }
        };
    }

    private static FisherMergeOptions fisherOptions(Values values) {
        return new FisherMergeOptions(
                values.choice("floor", Floor.class).orElse(Floor.NONE),
                values.number("floor-value").orElse(FisherMergeOptions.DEFAULT_FLOOR),
                values.choice("normalize", Normalization.class).orElse(Normalization.NONE),
                values.scale().orElse(FisherScale.BATCH_IF_KNOWN));
    }

    private static UbgmOptions ubgmOptions(Values values) {
        return new UbgmOptions(
                values.number("alpha").orElse(1.0),
                values.number("delta0").orElse(0.0),
                values.scale().orElse(FisherScale.BATCH_IF_KNOWN));
    }
}
