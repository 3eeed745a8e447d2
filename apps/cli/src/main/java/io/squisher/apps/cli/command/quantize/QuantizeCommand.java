package io.squisher.apps.cli.command.quantize;

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
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.quantization.PlanJson;
import io.squisher.apps.quantization.Quantization;
import io.squisher.apps.quantization.QuantizationPlan;
import io.squisher.apps.quantization.QuantizedModel;
import io.squisher.apps.quantization.number.Candidate;
import io.squisher.files.TextFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code squisher quantize}: rounds the weights of a model, by a plan or to one format. */
public final class QuantizeCommand implements WritingCommand {
    @Override
    public String name() {
        return "quantize";
    }

    @Override
    public String summary() {
        return "Round the weights of a model by a plan of 'sensitivity', or all to one format";
    }

    @Override
    public String arguments() {
        return "MODEL --plan PLAN -o OUT";
    }

    private enum Form {
        VALUES,
        QDQ
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value("plan", "FILE", Domain.PATH, "what 'squisher sensitivity' wrote"))
                .addOption(Flags.value(
                        "format",
                        "F",
                        Domain.oneOf(
                                Candidate.all().stream().map(Candidate::name).toList()),
                        "instead of a plan: one number format for all parameters of two or more axes"))
                .addOption(Flags.value(
                        "as",
                        "FORM",
                        Domain.oneOf(Form.class),
                        "values: rounded weights in the model's own types (default); qdq: an ONNX model of whole numbers with"
                                + " DequantizeLinear, for the formats int8 and int4"))
                .addOption(
                        Flags.value("fisher", "FILE", Domain.PATH, "the Fisher that the tables of table formats fit"))
                .addOption(ChannelOption.declare())
                .addOption(Flags.exclude("with --format: parameters that stay as they are"))
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.outputBeside(
                        "tables-out",
                        OutputKind.ANCHOR,
                        "the tables and codes of table formats: NAME.table, NAME.codes"))
                .addOption(Flags.output(OutputKind.MODEL, "the model, in the format of MODEL"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("what a plan does to the accuracy", "quantize model.onnx --plan plan.json -o rounded.onnx"),
                new Example(
                        "whole numbers, for ONNX Runtime",
                        "quantize model.onnx --plan plan.json --as qdq -o small.onnx"),
                new Example("the baseline", "quantize model.onnx --format int4-group64 -o uniform.onnx"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        Path file = values.arguments("MODEL").get(0);
        Optional<Path> planFile = values.path("plan");
        if (planFile.isPresent() == values.has("format")) {
            throw values.wrong("give --plan or --format, one of them");
        }
        for (String option : List.of("exclude", "channel-axis")) {
            if (planFile.isPresent() && values.has(option)) {
                throw values.wrong("--" + option + " goes with --format; a plan says so itself");
            }
        }
        ModelOptions files = new ModelOptions(file, values.path("fisher"), 1);
        NameMatching matching = NameMatching.of(values, job.console());
        try (OpenModels open = OpenModels.open(List.of(files), values.place(), matching)) {
            OpenModels.Model model = open.models().get(0);
            QuantizationPlan plan = plan(values, model.weights());
            QuantizedModel quantized =
                    Quantization.plan(model.weights(), plan, model.fisher(), values.has("allow-other-model"));
            Map<String, Tensor> tables = quantized.tables();
            if (tables.isEmpty() && values.has("tables-out")) {
                throw values.wrong("--tables-out goes with table formats, and no tensor has one");
            }
            Report report = Report.of(quantized.summary())
                    .metadata(quantized.metadata())
                    .warnings(quantized.warnings());
            if (values.choice("as", Form.class).orElse(Form.VALUES) == Form.QDQ) {
                DequantizedModel qdq = DequantizedModel.of(model.weights(), quantized);
                report.warnings(qdq.warnings());
                return job.finish(report, output -> {
                    writeTables(job, tables, quantized);
                    qdq.write(output.path());
                });
            }
            return job.finish(report, output -> {
                writeTables(job, tables, quantized);
                open.writeLikeFirst(output, quantized.rounded(), quantized.metadata(), job.console());
            });
        }
    }

    private static QuantizationPlan plan(Values values, WeightSource model) {
        Optional<Path> file = values.path("plan");
        return file.isPresent()
                ? PlanJson.read(file.get().toString(), TextFile.read(file.get(), "quantization plan"))
                : QuantizationPlan.uniform(
                        model,
                        Candidate.of(values.text("format").orElseThrow()),
                        values.regex("exclude"),
                        ChannelOption.of(values, model));
    }

    private static void writeTables(Job job, Map<String, Tensor> tables, QuantizedModel quantized) {
        Optional<Output> beside = job.beside("tables-out");
        beside.ifPresent(place -> {
            SafetensorsWriter.write(place.path(), tables, quantized.metadata());
            job.console().print(place.wrote());
        });
    }
}
