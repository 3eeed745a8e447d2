package io.squisher.apps.cli.command.quantize;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
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
import io.squisher.apps.cli.option.Quoted;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.quantization.ChannelAxes;
import io.squisher.apps.quantization.GradientSquares;
import io.squisher.apps.quantization.PlanJson;
import io.squisher.apps.quantization.PlanMethod;
import io.squisher.apps.quantization.PrecisionOptions;
import io.squisher.apps.quantization.PrecisionPlan;
import io.squisher.apps.quantization.PrecisionPlanner;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.files.AtomicFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.cli.Options;

/** {@code squisher sensitivity}: what rounding costs each tensor, and which formats to take within a budget. */
public final class SensitivityCommand implements WritingCommand {
    private static final String ALL = "all";

    @Override
    public String name() {
        return "sensitivity";
    }

    @Override
    public String summary() {
        return "Measure what rounding costs each tensor, and plan number formats within a budget of bits";
    }

    @Override
    public String arguments() {
        return "FISHER --weights MODEL --budget B -o PLAN";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value("weights", "FILE", Domain.PATH, "the model that FISHER belongs to"))
                .addOption(Flags.value(
                        "budget",
                        "B",
                        Domain.POSITIVE,
                        "bits a weight on average over the tensors that are rounded, scales and tables included"))
                .addOption(Flags.value(
                        "method",
                        "M",
                        Domain.oneOf(PlanMethod.class),
                        "fisher (default); error: squared error alone; uniform: one format for all"))
                .addOption(Flags.value(
                        "formats",
                        "LIST",
                        Domain.of(SensitivityCommand::formats).offering(ALL),
                        "number formats to choose from, between commas, such as int8-channel,int4-group64; all: with tables"
                                + " fitted by the Fisher; default: all others"))
                .addOption(ChannelOption.declare())
                .addOption(Flags.value(
                        "row-group",
                        "N",
                        Domain.countUpTo(Integer.MAX_VALUE),
                        "write the expected loss of each run of N output channels as well"))
                .addOption(Flags.scale())
                .addOption(Flags.exclude("parameters that stay as they are and are not counted"))
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.outputBeside(
                        "gradients-out",
                        OutputKind.ANCHOR,
                        "the squared gradients under the weights' names, as SqueezeLLM reads them"))
                .addOption(Flags.output(OutputKind.PLAN, "PLAN.json", "the plan, which 'quantize' takes"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "a plan of 4.5 bits a weight",
                        "sensitivity fisher.safetensors --weights model.onnx --budget 4.5 -o plan.json"),
                new Example(
                        "of formats that ONNX Runtime runs",
                        "sensitivity fisher.safetensors --weights model.onnx --budget 5"
                                + " --formats int8-channel,int4-group32,int4-channel -o plan.json"));
    }

    private static List<Candidate> formats(String text) {
        if (text.equals(ALL)) {
            return Candidate.all();
        }
        List<String> names = Candidate.all().stream().map(Candidate::name).toList();
        List<Candidate> formats = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String name = part.strip();
            if (!names.contains(name)) {
                throw new SquisherException("takes number formats between commas or all, not " + Quoted.of(name)
                        + Suggestions.didYouMean(name, names) + "; there are " + String.join(", ", names));
            }
            formats.add(Candidate.of(name));
        }
        return formats;
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        Path fisher = values.arguments("FISHER").get(0);
        Path weights = values.requiredPath("weights");
        double budget = values.number("budget").orElseThrow(() -> values.wrong("missing --budget"));
        FisherScale scale = values.scale().orElse(FisherScale.BATCH_IF_KNOWN);
        PrecisionOptions options = new PrecisionOptions(
                budget,
                values.choice("method", PlanMethod.class).orElse(PlanMethod.FISHER),
                values.text("formats").map(SensitivityCommand::formats).orElse(Candidate.usual()),
                scale,
                values.regex("exclude"),
                values.has("allow-other-model"));
        ModelOptions files = new ModelOptions(weights, Optional.of(fisher), 1);
        try (OpenModels open = OpenModels.open(List.of(files), NameMatching.of(values, job.console()))) {
            OpenModels.Model model = open.models().get(0);
            NamedFisher named = model.fisher().orElseThrow();
            ChannelAxes axes = ChannelOption.of(values, model.weights());
            PrecisionPlan plan = new PrecisionPlanner(options, axes).plan(model.weights(), named);
            OptionalInt rows = values.wholeNumber("row-group")
                    .map(channels -> OptionalInt.of(Math.toIntExact(channels)))
                    .orElse(OptionalInt.empty());
            JsonObject document = PlanJson.of(plan, budget, rows);
            Report report = Report.of(plan.summary())
                    .details(PlanTables.of(plan))
                    .warnings(plan.warnings())
                    .fields(document);
            return job.finish(report, output -> {
                job.beside("gradients-out").ifPresent(beside -> {
                    Map<String, Tensor> squares = GradientSquares.of(model.weights(), named, scale);
                    SafetensorsWriter.write(beside.path(), squares, GradientSquares.METADATA);
                    job.console().print(beside.wrote());
                });
                AtomicFile.write(output.path(), pretty(document).getBytes(StandardCharsets.UTF_8));
            });
        }
    }

    private static String pretty(JsonObject document) {
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(document) + "\n";
    }
}
