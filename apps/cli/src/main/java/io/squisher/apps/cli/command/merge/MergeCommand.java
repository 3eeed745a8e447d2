package io.squisher.apps.cli.command.merge;

import io.squisher.SquisherException;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.merge.Treatment;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code squisher merge}: several models into one. */
public final class MergeCommand implements Command {
    @Override
    public String name() {
        return "merge";
    }

    @Override
    public String summary() {
        return "Merge models of one architecture, by average or weighted by their Fishers";
    }

    @Override
    public String arguments() {
        return "--method average|fisher|ubgm --model M [--fisher F] [--weight W] (repeated per model) -o OUT";
    }

    @Override
    public Options options() {
        Options options = MergeFlags.declare();
        MergeSearch.declare(options);
        return options.addOption(Flags.bare("dry-run", "check and print the plan, write nothing"))
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.MODEL, "the merged model, in the format of the first"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "two models, weighted by their Squishers",
                        "merge --method fisher --model a.onnx --fisher a.safetensors"
                                + " --model b.onnx --fisher b.safetensors -o merged.onnx"),
                new Example(
                        "the mean, the first model counting twice",
                        "merge --method average --model a.onnx --weight 2 --model b.onnx -o mean.onnx"),
                new Example(
                        "descendants of one base, by uncertainty-based gradient matching",
                        "merge --method ubgm --base base.onnx --base-fisher base.safetensors --model a.onnx --fisher a.safetensors"
                                + " --model b.onnx --fisher b.safetensors -o merged.onnx"),
                new Example(
                        "the weights that do best on validation data",
                        "merge --search grid --validation validation.npz --model a.onnx --fisher a.safetensors"
                                + " --model b.onnx --fisher b.safetensors -o merged.onnx"),
                new Example("as a recipe says", "merge --recipe merge.yaml -o merged.onnx"),
                new Example(
                        "as the reference implementation of Fisher merging does",
                        "merge --floor target --normalize l2 --model a.onnx --fisher a.safetensors"
                                + " --model b.onnx --fisher b.safetensors --exclude classifier -o merged.onnx"));
    }

    /** The models and Fishers of a recipe. */
    @Override
    public List<Path> furtherInputs(Values values) {
        List<Path> inputs = new ArrayList<>();
        try {
            List<ModelOptions> all = values.path("recipe")
                    .map(recipe -> MergeRecipe.read(recipe, false).files())
                    .orElse(List.of());
            for (ModelOptions files : all) {
                inputs.add(files.model());
                files.fisher().ifPresent(inputs::add);
            }
        } catch (SquisherException e) {
            // A recipe with faults names nothing that will be read; the run lists the faults.
        }
        return inputs;
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        values.noArguments();
        MergeSettings settings = settings(line, values);
        Optional<Output> output = values.outputUnlessDryRun();
        Optional<MergeSearch> search =
                MergeSearch.of(line, values, settings.models().size());
        try (OpenModels open = OpenModels.open(settings.files(), output, NameMatching.of(values, console))) {
            MergeMethod method = settings.method(open);
            List<MergeInput> inputs = settings.inputs(open);
            Map<String, String> metadata = new LinkedHashMap<>();
            JsonObject document = new JsonObject();
            Optional<String> chosen = Optional.empty();
            if (search.isPresent()) {
                MergeSearch.Found found = search.get().run(inputs, method, settings.options(), console);
                inputs = found.models();
                metadata.put("squisher.merge.search", found.report().toString());
                document.add("search", found.report());
                chosen = Optional.of(found.summary());
            }
            MergePlan plan = Merge.plan(inputs, method, settings.options());
            metadata.putAll(plan.metadata());
            console.warnAll(plan.warnings());
            output.ifPresent(target -> {
                requireOwnTypes(target, settings, open);
                open.writeLikeFirst(target, plan.tensors(), metadata, console);
            });
            chosen.ifPresent(console::print);
            report(plan, output, document, console);
        }
        return ExitCode.DONE;
    }

    private static MergeSettings settings(CommandLine line, Values values) {
        Optional<Path> recipe = values.path("recipe");
        if (recipe.isEmpty()) {
            return new MergeFlags(line, values).settings();
        }
        MergeFlags.declare().getOptions().stream()
                .map(Option::getLongOpt)
                .filter(option -> !option.equals("recipe") && !option.equals("allow-other-model"))
                .filter(line::hasOption)
                .findFirst()
                .ifPresent(option -> {
                    throw values.wrong("--" + option + " is said by the recipe, not beside it");
                });
        return MergeRecipe.read(recipe.get(), line.hasOption("allow-other-model"));
    }

    /** The types of a graph's initializers are part of the graph. */
    private static void requireOwnTypes(Output target, MergeSettings settings, OpenModels open) {
        WeightSource first = open.models().get(0).weights();
        if (settings.options().type().isPresent() && !first.format().name().startsWith("safetensors")) {
            throw new SquisherException("cannot write '" + target + "' with another dtype: the types in an "
                    + first.format().name() + " are fixed by its graph");
        }
    }

    private static void report(MergePlan plan, Optional<Output> output, JsonObject document, Console console) {
        if (output.isPresent()) {
            console.print(output.get().wrote() + ": " + plan.count(Treatment.MERGED) + " parameters merged, "
                    + plan.count(Treatment.AVERAGED) + " tensors averaged, " + plan.count(Treatment.COPIED)
                    + " copied");
        } else {
            printPlan(plan, console);
        }
        output.ifPresent(path -> document.addProperty("output", path.toString()));
        plan.metadata()
                .forEach((key, value) ->
                        document.add(key.substring(key.indexOf('.') + 1), JsonParser.parseString(value)));
        JsonObject treatments = new JsonObject();
        plan.treatments().forEach((name, treatment) -> treatments.addProperty(name, Values.spellConstant(treatment)));
        document.add("tensors", treatments);
        document.add("warnings", Json.texts(plan.warnings()));
        console.printJson(document);
    }

    private static void printPlan(MergePlan plan, Console console) {
        TextTable table = new TextTable("tensor", "treatment");
        plan.treatments().forEach((name, treatment) -> table.row(name, Values.spellConstant(treatment)));
        table.lines().forEach(console::print);
        plan.metadata().forEach((key, value) -> console.print(key + ": " + value));
    }
}
