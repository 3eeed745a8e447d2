package io.squisher.apps.cli.command.merge;

import io.squisher.SquisherException;
import io.squisher.apps.cli.command.merge.MergeSettings.Method;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.merge.FisherMergeOptions.Normalization;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergeOptions.Excluded;
import io.squisher.apps.merge.ModelWeight;
import io.squisher.apps.merge.TaskVectorOptions;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.topk.Scope;
import io.squisher.files.FormatException;
import io.squisher.files.TextFile;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A merge as a YAML file in the shape of mergekit's: {@code merge_method}, {@code models} with {@code parameters.weight}
 * (a number, or a list of {filter, value}), {@code base_model}, global {@code parameters}, {@code dtype}. Files are looked
 * for beside the recipe.
 */
final class MergeRecipe {
    private static final String FORMAT = "merge recipe";
    private static final List<String> TOP =
            List.of("merge_method", "models", "base_model", "base_fisher", "parameters", "dtype", "out_dtype");
    private static final List<String> PARAMETERS = List.of(
            "floor",
            "floor_value",
            "normalize",
            "scale",
            "alpha",
            "delta0",
            "base_weight",
            "exclude",
            "excluded",
            "weights",
            "density",
            "gamma",
            "lambda",
            "scope",
            "seed");

    /** Names of mergekit's for methods of ours. */
    private static final Map<String, String> MERGEKIT = Map.of("linear", "average", "dare-linear", "dare");

    /** Keys that would silently do nothing beside another method. */
    private static final List<String> TASK_VECTORS = List.of("density", "gamma", "lambda", "scope", "seed");

    private static final List<String> MODEL = List.of("model", "fisher", "parameters");

    private final Path file;
    private final Problems problems;

    private MergeRecipe(Path file) {
        this.file = file;
        this.problems = new Problems("cannot follow the recipe '" + file + "'");
    }

    /**
     * Reads a recipe.
     *
     * @param allowOtherModel from the command line: it is no property of the merge
     * @throws SquisherException with everything that is wrong in it
     */
    static MergeSettings read(Path file, boolean allowOtherModel) {
        return new MergeRecipe(file).settings(allowOtherModel);
    }

    private MergeSettings settings(boolean allowOtherModel) {
        RecipeSection top = new RecipeSection("the recipe", load(), problems);
        top.allowOnly(TOP);
        RecipeSection parameters = top.section("parameters");
        parameters.allowOnly(PARAMETERS);
        List<ModelOptions> models = new ArrayList<>();
        List<ModelWeight> shares = new ArrayList<>();
        boolean anyGiven = false;
        for (RecipeSection model : top.sections("models")) {
            model.allowOnly(MODEL);
            RecipeSection own = model.section("parameters");
            own.allowOnly(List.of("weight"));
            models.add(new ModelOptions(path(model, "model").orElse(file), path(model, "fisher"), 1));
            shares.add(own.weight("weight"));
            anyGiven |= own.text("weight").isPresent();
        }
        if (models.size() < 2) {
            problems.add("a merge needs at least two entries under 'models'");
        }
        Method method = top.made("merge_method", MergeRecipe::method).orElse(Method.FISHER);
        Optional<ModelOptions> base = path(top, "base_model")
                .map(model -> new ModelOptions(
                        model,
                        path(top, "base_fisher"),
                        parameters.number("base_weight").orElse(1.0)));
        if (Method.WITH_BASE.contains(method) != base.isPresent()) {
            problems.add(
                    base.isPresent()
                            ? "'base_model' belongs to the merge_method ubgm, task_arithmetic, ties, dare_linear, breadcrumbs or"
                                    + " model_stock"
                            : "the merge_method " + Values.spellConstant(method) + " needs 'base_model'");
        }
        FisherScale scale = parameters.made("scale", FisherScale::parse).orElse(FisherScale.BATCH_IF_KNOWN);
        Optional<FisherMergeOptions> fisher = problem(() -> fisherOptions(parameters, scale));
        Optional<UbgmOptions> ubgm = problem(() -> new UbgmOptions(
                parameters.number("alpha").orElse(1.0),
                parameters.number("delta0").orElse(0.0),
                scale));
        Optional<TaskVectorOptions> taskVectors = taskVectors(parameters, method);
        MergeOptions options = new MergeOptions(
                parameters.made("exclude", Pattern::compile),
                parameters.choice("excluded", Excluded.class).orElse(Excluded.FIRST),
                type(top),
                allowOtherModel);
        MergeSettings.Weights weights = weights(parameters, anyGiven);
        problems.throwIfAny();
        return new MergeSettings(
                models,
                shares,
                weights,
                base,
                method,
                fisher.orElseThrow(),
                ubgm.orElseThrow(),
                taskVectors.orElseThrow(),
                options,
                Optional.of(TextFile.read(file, FORMAT)));
    }

    /** A method by our name or mergekit's. */
    private static Method method(String name) {
        String ours = name.replace('_', '-');
        return Domain.oneOf(Method.class).apply(MERGEKIT.getOrDefault(ours, ours));
    }

    private Optional<TaskVectorOptions> taskVectors(RecipeSection parameters, Method method) {
        Optional<Double> density = parameters.number("density");
        if (Method.WITH_DENSITY.contains(method) && density.isEmpty()) {
            problems.add("the merge_method " + Values.spellConstant(method) + " needs 'density' under 'parameters'");
        }
        MergeFlags.METHODS.forEach((option, methods) -> {
            if (TASK_VECTORS.contains(option) && parameters.text(option).isPresent() && !methods.contains(method)) {
                problems.add(
                        "'" + option + "' under 'parameters' belongs to the merge_method " + MergeFlags.names(methods));
            }
        });
        return problem(() -> new TaskVectorOptions(
                parameters.number("lambda").or(() -> parameters.number("alpha")).orElse(1.0),
                density.orElse(TaskVectorOptions.TIES_DENSITY),
                parameters.choice("scope", Scope.class).orElse(Scope.GLOBAL),
                parameters.made("seed", Domain.SEED::apply).orElse(0L),
                parameters.number("gamma").orElse(TaskVectorOptions.BREADCRUMBS_GAMMA)));
    }

    private static MergeSettings.Weights weights(RecipeSection parameters, boolean anyGiven) {
        MergeSettings.Weights weights =
                parameters.choice("weights", MergeSettings.Weights.class).orElse(MergeSettings.Weights.GIVEN);
        if (weights == MergeSettings.Weights.DATA_SIZE && anyGiven) {
            parameters.problems().add("a model's 'weight' has no place beside 'weights: data-size'");
        }
        return weights;
    }

    private Map<?, ?> load() {
        try {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(TextFile.read(file, FORMAT));
            if (document instanceof Map<?, ?> map) {
                return map;
            }
            throw FormatException.notText(file, FORMAT, "it is no YAML mapping");
        } catch (YAMLException e) {
            throw FormatException.notText(
                    file, FORMAT, e.getMessage().lines().findFirst().orElse("no YAML"));
        } catch (StackOverflowError e) {
            throw FormatException.notText(file, FORMAT, "it nests too deeply");
        }
    }

    private Optional<Path> path(RecipeSection section, String key) {
        return section.text(key).map(name -> file.toAbsolutePath().resolveSibling(name));
    }

    private static FisherMergeOptions fisherOptions(RecipeSection parameters, FisherScale scale) {
        return new FisherMergeOptions(
                parameters.choice("floor", Floor.class).orElse(Floor.NONE),
                parameters.number("floor_value").orElse(FisherMergeOptions.DEFAULT_FLOOR),
                parameters.choice("normalize", Normalization.class).orElse(Normalization.NONE),
                scale);
    }

    private <T> Optional<T> problem(java.util.function.Supplier<T> maker) {
        List<T> made = new ArrayList<>();
        problems.collect(() -> made.add(maker.get()));
        return made.stream().findFirst();
    }

    /** {@code out_dtype}, or {@code dtype}: the arithmetic is in float64 in any case. */
    private Optional<ElementType> type(RecipeSection top) {
        Optional<String> name = top.text("out_dtype").or(() -> top.text("dtype"));
        Optional<ElementType> type = name.flatMap(MergeFlags::typeOf);
        if (name.isPresent() && type.isEmpty()) {
            problems.add("the dtype '" + name.get() + "' is none of " + MergeFlags.typeNames());
        }
        return type;
    }
}
