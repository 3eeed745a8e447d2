package io.squisher.apps.cli.command.compress;

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
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.compress.Compression;
import io.squisher.apps.compress.CompressionJson;
import io.squisher.apps.compress.CompressionMethod;
import io.squisher.apps.compress.CompressionOptions;
import io.squisher.apps.compress.CompressionPlan;
import io.squisher.apps.compress.LinearLayer;
import io.squisher.fisher.FisherScale;
import io.squisher.format.onnx.FactorizedWeight;
import io.squisher.format.onnx.FactorizedWeights;
import io.squisher.format.onnx.LinearWeights;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Options;

/** {@code squisher compress}: makes two smaller products of linear layers. */
public final class CompressCommand implements WritingCommand {
    @Override
    public String name() {
        return "compress";
    }

    @Override
    public String summary() {
        return "Make two products of lower rank of the linear layers of an ONNX model";
    }

    @Override
    public String arguments() {
        return "MODEL --fisher FISHER --budget B -o OUT";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.path("fisher", "FILE", "the model's Fisher or Squisher"))
                .addOption(Flags.value(
                        "budget", "B", Domain.SHARE, "share of the linear layers' weights that may stay, such as 0.5"))
                .addOption(Flags.value(
                        "method",
                        "M",
                        Domain.oneOf(CompressionMethod.class),
                        "fisher (default): inputs count by their Fisher; two-sided: outputs too; svd: all weights alike;"
                                + " uniform: as svd, with one share for all layers"))
                .addOption(Flags.scale())
                .addOption(Flags.exclude("layers that stay as they are and are not counted"))
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.MODEL, "the smaller model, as ONNX"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "half of the weights of the linear layers",
                        "compress model.onnx --fisher fisher.safetensors --budget 0.5 -o smaller.onnx"),
                new Example("the baseline", "compress model.onnx --method svd --budget 0.5 -o plain.onnx"),
                new Example(
                        "what every rank would cost",
                        "compress model.onnx --fisher fisher.safetensors --budget 0.5 --dry-run --json"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        Path file = values.arguments("MODEL").get(0);
        CompressionOptions options = new CompressionOptions(
                values.number("budget").orElseThrow(() -> values.wrong("missing --budget")),
                values.choice("method", CompressionMethod.class).orElse(CompressionMethod.FISHER),
                values.scale().orElse(FisherScale.BATCH_IF_KNOWN),
                values.regex("exclude"),
                values.has("allow-other-model"));
        if (options.method().needsFisher() && !values.has("fisher")) {
            throw values.wrong("missing --fisher, by which weights count; the baseline --method svd needs none");
        }
        ModelOptions files = new ModelOptions(file, values.path("fisher"), 1);
        NameMatching matching = NameMatching.of(values, job.console());
        try (OpenModels open = OpenModels.open(List.of(files), values.place(), matching)) {
            OpenModels.Model model = open.models().get(0);
            OnnxFile graph = graph(model.weights());
            LinearWeights linear = LinearWeights.of(graph);
            List<LinearLayer> layers = linear.layers().stream()
                    .map(layer -> new LinearLayer(layer.name(), layer.inputAxis()))
                    .toList();
            Compression compression = Compression.of(model.weights(), layers, model.fisher(), options);
            CompressionPlan plan = compression.plan();
            Report report = Report.of(plan.summary())
                    .metadata(plan.metadata())
                    .planned(RankTables.of(plan))
                    .planned(leftWhole(linear))
                    .field("methods", CompressionJson.methods(plan))
                    .field("layers", CompressionJson.layers(plan))
                    .field("left_whole", left(linear))
                    .warnings(plan.warnings());
            return job.finish(report, output -> {
                List<FactorizedWeight> factors = compression.factors(plan).stream()
                        .map(layer -> new FactorizedWeight(layer.name(), layer.first(), layer.second()))
                        .toList();
                new FactorizedWeights(graph, factors).write(output.path(), plan.metadata());
            });
        }
    }

    private static OnnxFile graph(WeightSource model) {
        if (!model.format().hasGraph()) {
            throw new SquisherException("cannot compress '" + model.path() + "': it is a "
                    + model.format().name()
                    + ", which has no graph to put a second product into; give the ONNX model");
        }
        return OnnxFile.read(model.path());
    }

    private static List<String> leftWhole(LinearWeights linear) {
        List<String> lines = new ArrayList<>();
        linear.left().forEach((name, why) -> lines.add("left whole: " + name + ", " + why));
        return lines;
    }

    private static JsonObject left(LinearWeights linear) {
        JsonObject json = new JsonObject();
        for (Map.Entry<String, String> entry : linear.left().entrySet()) {
            json.addProperty(entry.getKey(), entry.getValue());
        }
        return json;
    }
}
