package io.squisher.apps.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.merge.Treatment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
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
        return new Options()
                .addOption(Flags.value(
                        "method",
                        "M",
                        "average (the mean), fisher (weighted by Fishers, the default), or ubgm (from a common base)"))
                .addOption(Flags.value(
                        "model", "FILE", "a model; the first gives the output its format and its constants"))
                .addOption(Flags.value("fisher", "FILE", "the Fisher or Squisher of the model before it"))
                .addOption(Flags.value(
                        "weight",
                        "W",
                        "the share of the model before it (ubgm: what its Fisher is multiplied by); default 1"))
                .addOption(Flags.value("scale", "S", "accumulators: none, batch (default), dataset or a number"))
                .addOption(Flags.value("floor", "F", "none (default), target (first model), all, or add"))
                .addOption(Flags.value("floor-value", "X", "the floor; default 1e-6"))
                .addOption(
                        Flags.value("normalize", "N", "none (default), or l2: divide each Fisher by its global norm"))
                .addOption(Flags.value("base", "FILE", "ubgm: the model that the others were fine-tuned from"))
                .addOption(Flags.value("base-fisher", "FILE", "ubgm: the base's Fisher"))
                .addOption(Flags.value("base-weight", "W", "ubgm: what the base's Fisher is multiplied by; default 1"))
                .addOption(Flags.value("alpha", "A", "ubgm: the factor of the task vectors; default 1"))
                .addOption(Flags.value("delta0", "D", "ubgm: added to the base's Fisher; default 0"))
                .addOption(Flags.exclude("parameters that are not merged"))
                .addOption(Flags.value("excluded", "E", "what becomes of those: first (default, copied) or average"))
                .addOption(Flags.allowOtherModel())
                .addOption(Flags.bare("dry-run", "check and print the plan, write nothing"))
                .addOption(Flags.json())
                .addOption(Flags.output("the merged model, in the format of the first"));
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
                        "as the reference implementation of Fisher merging does",
                        "merge --floor target --normalize l2 --model a.onnx --fisher a.safetensors"
                                + " --model b.onnx --fisher b.safetensors --exclude classifier -o merged.onnx"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        values.noArguments();
        MergeSettings settings = MergeSettings.of(line, values);
        List<ModelOptions> files = new ArrayList<>(settings.models());
        settings.base().ifPresent(files::add);
        try (OpenModels open = OpenModels.open(files)) {
            List<MergeInput> inputs = open.models().stream()
                    .map(model -> new MergeInput(
                            model.weights(), model.fisher(), model.options().weight()))
                    .toList();
            int merged = settings.models().size();
            MergeMethod method = settings.method(inputs.subList(merged, inputs.size()));
            MergePlan plan = Merge.plan(inputs.subList(0, merged), method, settings.options());
            console.warnAll(plan.warnings());
            if (settings.output().isPresent()) {
                Path target = settings.output().get();
                open.writeLikeFirst(target, plan.tensors(), plan.metadata(), console);
                console.print("wrote " + target + ": " + plan.count(Treatment.MERGED) + " parameters merged, "
                        + plan.count(Treatment.AVERAGED) + " tensors averaged, " + plan.count(Treatment.COPIED)
                        + " copied");
            } else {
                printPlan(plan, console);
            }
            console.printJson(json(plan, settings));
        }
        return ExitCode.DONE;
    }

    private static void printPlan(MergePlan plan, Console console) {
        TextTable table = new TextTable("tensor", "treatment");
        plan.treatments().forEach((name, treatment) -> table.row(name, Values.spellConstant(treatment)));
        table.lines().forEach(console::print);
        plan.metadata().forEach((key, value) -> console.print(key + ": " + value));
    }

    private static JsonObject json(MergePlan plan, MergeSettings settings) {
        JsonObject document = new JsonObject();
        plan.metadata()
                .forEach((key, value) ->
                        document.add(key.substring(key.indexOf('.') + 1), JsonParser.parseString(value)));
        settings.output().ifPresent(output -> document.addProperty("output", output.toString()));
        JsonObject treatments = new JsonObject();
        for (Map.Entry<String, Treatment> entry : plan.treatments().entrySet()) {
            treatments.addProperty(entry.getKey(), Values.spellConstant(entry.getValue()));
        }
        document.add("tensors", treatments);
        document.add("warnings", Json.texts(plan.warnings()));
        return document;
    }
}
