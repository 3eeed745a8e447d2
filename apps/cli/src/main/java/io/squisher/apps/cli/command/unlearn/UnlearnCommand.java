package io.squisher.apps.cli.command.unlearn;

import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.unlearn.DampenedTensor;
import io.squisher.apps.unlearn.DampeningOptions;
import io.squisher.apps.unlearn.DampeningPlan;
import io.squisher.apps.unlearn.SynapticDampening;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.internal.gson.JsonObject;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code squisher unlearn}: dampens the parameters that matter to some examples far more than to all. */
public final class UnlearnCommand implements WritingCommand {
    @Override
    public String name() {
        return "unlearn";
    }

    @Override
    public String summary() {
        return "Forget some of the training examples without training, by dampening parameters";
    }

    @Override
    public String arguments() {
        return "MODEL --fisher ALL --forget FORGET -o OUT";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.path("fisher", "FILE", "the model's Fisher or Squisher over all training examples"))
                .addOption(Flags.path("forget", "FILE", "the model's Fisher over the examples to forget"))
                .addOption(Flags.value(
                        "alpha",
                        "A",
                        Domain.POSITIVE,
                        "dampen where the Fisher of the forget set is above A times that of all; default 10, which a"
                                + " forget set of more than a tenth of the examples never reaches"))
                .addOption(Flags.value(
                        "lambda", "L", Domain.NOT_NEGATIVE, "multiply by min(L ALL / FORGET, 1) there; default 1"))
                .addOption(Flags.scale())
                .addOption(Flags.exclude("parameters that stay as they are"))
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.MODEL, "the model that has forgotten, in the format of MODEL"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "forget one of many classes",
                        "unlearn model.onnx --fisher all.fisher.safetensors --forget class.fisher.safetensors -o"
                                + " forgetful.onnx"),
                new Example(
                        "with the Squisher of the training in place of a Fisher of all examples",
                        "unlearn model.onnx --fisher model.squisher.safetensors --forget class.fisher.safetensors"
                                + " --alpha 4 -o forgetful.onnx"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        Path model = values.arguments("MODEL").get(0);
        Path whole = values.requiredPath("fisher");
        Path part = values.requiredPath("forget");
        DampeningOptions options = new DampeningOptions(
                values.number("alpha").orElse(DampeningOptions.USUAL_ALPHA),
                values.number("lambda").orElse(DampeningOptions.USUAL_LAMBDA),
                values.scale().orElse(FisherScale.BATCH_IF_KNOWN),
                values.regex("exclude"),
                values.has("allow-other-model"));
        NameMatching matching = NameMatching.of(values, job.console());
        ModelOptions files = new ModelOptions(model, Optional.of(whole), 1);
        try (OpenModels open = OpenModels.open(List.of(files), values.place(), matching);
                FisherFile forget = FisherFile.open(part)) {
            WeightSource weights = open.models().get(0).weights();
            NamedFisher ofAll = open.models().get(0).fisher().orElseThrow();
            NamedFisher ofSome = matching.matched(weights, new NamedFisher(part.toString(), forget.diagonal()));
            DampeningPlan plan = SynapticDampening.plan(weights, ofAll, ofSome, options);
            Report report = Report.of(plan.summary())
                    .metadata(plan.metadata())
                    .planned(table(plan.counts()))
                    .field("parameters", plan.total())
                    .field("dampened", plan.dampened())
                    .field("tensors", tensors(plan.counts()))
                    .warnings(plan.warnings());
            return job.finish(
                    report, output -> open.writeLikeFirst(output, plan.tensors(), plan.metadata(), job.console()));
        }
    }

    private static List<String> table(Map<String, DampenedTensor> counts) {
        TextTable table =
                new TextTable("parameter", "elements", "dampened", "share", "mean factor", "change", "largest ratio");
        counts.forEach((name, tensor) -> table.row(
                name,
                Long.toString(tensor.parameters()),
                Long.toString(tensor.dampened()),
                String.format(Locale.ROOT, "%.2f%%", 100.0 * tensor.dampened() / Math.max(1, tensor.parameters())),
                String.format(Locale.ROOT, "%.4f", tensor.meanFactor()),
                String.format(Locale.ROOT, "%.4f", tensor.change()),
                String.format(Locale.ROOT, "%.4g", tensor.largestRatio())));
        return table.lines();
    }

    private static JsonObject tensors(Map<String, DampenedTensor> counts) {
        JsonObject all = new JsonObject();
        counts.forEach((name, tensor) -> {
            JsonObject one = new JsonObject();
            one.addProperty("parameters", tensor.parameters());
            one.addProperty("dampened", tensor.dampened());
            one.add("mean_factor", Json.number(tensor.meanFactor()));
            one.add("change", Json.number(tensor.change()));
            one.add("largest_ratio", Json.number(tensor.largestRatio()));
            all.add(name, one);
        });
        return all;
    }
}
