package io.squisher.apps.cli.command.merge;

import io.squisher.Article;
import io.squisher.SquisherException;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.merge.TaskVectorWeight;
import io.squisher.format.safetensors.ShardRange;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonPrimitive;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code squisher merge}: several models into one. */
public final class MergeCommand implements WritingCommand {
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
        return "--method METHOD --model M [--fisher F] [--weight W] (repeated per model) -o OUT";
    }

    @Override
    public Options options() {
        Options options = MergeFlags.declare();
        MergeSearch.declare(options);
        return options.addOption(PageOption.declare())
                .addOption(NameMatching.option())
                .addOption(Flags.value(
                        "shard-range",
                        "A-B/N",
                        Domain.of(ShardRange::parse),
                        "only files A to B of N, for an output that ends in .safetensors.index.json: N processes write one"
                                + " model, and who writes the last file adds the index"))
                .addOption(HubOption.declare())
                .addOption(ShardSize.declare())
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
                        "descendants of one base, keeping the fifth of each change that matters most by its Fisher",
                        "merge --method ties --base base.onnx --model a.onnx --fisher a.safetensors"
                                + " --model b.onnx --fisher b.safetensors -o merged.onnx"),
                new Example(
                        "the weights that do best on validation data",
                        "merge --search grid --validation validation.npz --model a.onnx --fisher a.safetensors"
                                + " --model b.onnx --fisher b.safetensors -o merged.onnx"),
                new Example(
                        "the third of eight files of a large model; seven other processes write theirs",
                        "merge --method average --model a.safetensors.index.json --model b.safetensors.index.json"
                                + " --shard-range 3/8 -o merged.safetensors.index.json"),
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
    public ExitCode make(Job job) {
        Values values = job.values();
        values.noArguments();
        MergeSettings settings = settings(job.line(), values);
        OptionalLong shardBytes = ShardSize.of(values);
        Optional<MergeSearch> search = MergeSearch.of(values, settings.models().size());
        NameMatching matching = NameMatching.of(values, job.console());
        HubOption.checkVocabularies(settings.files(), settings.options().allowOtherModel());
        Optional<MergedFolder> hub = HubOption.of(values, settings);
        try (OpenModels open = OpenModels.open(settings.files(), values.place(), matching)) {
            MergeMethod method = settings.method(open);
            List<MergeInput> inputs = settings.inputs(open);
            values.place().ifPresent(place -> requireOwnTypes(place, settings, open));
            Map<String, String> metadata = new LinkedHashMap<>();
            Optional<MergeSearch.Found> found =
                    search.map(asked -> asked.run(inputs, method, settings.options(), job.console()));
            found.ifPresent(chosen ->
                    metadata.put("squisher.merge.search", chosen.report().toString()));
            List<MergeInput> weighted = found.map(MergeSearch.Found::models).orElse(inputs);
            MergePlan plan = Merge.plan(weighted, method, settings.options());
            metadata.putAll(plan.metadata());
            Report report = report(plan, found, job.output().isEmpty());
            Optional<DividedMerge> divided = values.text("shard-range").flatMap(range -> values.place()
                    .map(place -> DividedMerge.of(ShardRange.parse(range), place, open, plan, metadata)));
            divided.ifPresent(parts -> report.written(parts::words));
            hub.ifPresent(folder ->
                    report.details(List.of(folder.words())).field("beside", Json.texts(List.copyOf(folder.names()))));
            return job.finish(report, output -> {
                divided.ifPresentOrElse(
                        parts -> parts.write(),
                        () -> open.writeLikeFirst(output, plan.tensors(), metadata, shardBytes, job.console()));
                tellWeight(plan, report, job);
                hub.ifPresent(folder -> folder.write(output.path(), weighted, metadata));
                PageOption.write(values, () -> new MergePage(plan, weighted).page(report), job.console());
            });
        }
    }

    /** What is known only now that all tensors have been written. */
    private static void tellWeight(MergePlan plan, Report report, Job job) {
        plan.taskVectorWeight()
                .map(TaskVectorWeight::mean)
                .filter(OptionalDouble::isPresent)
                .ifPresent(mean -> report.field("task_vector_weight", new JsonPrimitive(mean.getAsDouble())));
        List<String> late = plan.lateWarnings();
        job.console().warnAll(late);
        List<String> all = new ArrayList<>(report.warnings());
        all.addAll(late);
        report.warnings(all);
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
        if (settings.options().type().isPresent() && !first.format().takesOtherTypes()) {
            throw new SquisherException("cannot write '" + target + "' with another dtype: the types in "
                    + Article.of(first.format().name()) + " are fixed by its graph");
        }
    }

    private static Report report(MergePlan plan, Optional<MergeSearch.Found> found, boolean dry) {
        Report report = Report.of(plan.summary()).metadata(plan.metadata());
        found.ifPresent(chosen -> report.planned(List.of(chosen.summary())).field("search", chosen.report()));
        JsonObject treatments = new JsonObject();
        TextTable table = new TextTable("tensor", "treatment");
        plan.treatments().forEach((name, treatment) -> {
            treatments.addProperty(name, Values.spellConstant(treatment));
            table.row(name, Values.spellConstant(treatment));
        });
        if (dry) {
            report.planned(table.lines());
            plan.metadata().forEach((key, value) -> report.planned(List.of(key + ": " + value)));
        }
        return report.field("tensors", treatments).warnings(plan.warnings());
    }
}
