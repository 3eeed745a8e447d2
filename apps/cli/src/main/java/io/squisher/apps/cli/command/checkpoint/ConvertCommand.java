package io.squisher.apps.cli.command.checkpoint;

import io.squisher.Counted;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OpenWeights;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.convert.Conversion;
import io.squisher.apps.convert.ConversionOptions;
import io.squisher.apps.convert.ConversionPlan;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Pairing;
import io.squisher.files.TextFile;
import io.squisher.fisher.DecayText;
import io.squisher.fisher.FisherFile;
import io.squisher.format.CheckpointFormats;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.proto.Accumulator;
import io.squisher.proto.OptimizerGroup;
import io.squisher.proto.Provenance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher convert}: the optimizer state of a training checkpoint becomes a Squisher file. */
public final class ConvertCommand implements WritingCommand {
    /** The reductions that {@code --loss-reduction} offers. */
    private enum LossReduction {
        MEAN,
        SUM
    }

    @Override
    public String name() {
        return "convert";
    }

    @Override
    public String summary() {
        return "Turn the optimizer state of a training checkpoint into a Squisher";
    }

    @Override
    public String arguments() {
        return "CHECKPOINT [--model PARAMS] [--batch-size B] -o OUT.safetensors";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value(
                        "model",
                        "PARAMS",
                        Domain.PATH,
                        "the model's weights, where the checkpoint does not name its tensors"))
                .addOption(Flags.value(
                        "names", "FILE", Domain.PATH, "the parameters' names in the model's order, one a line"))
                .addOption(Flags.value(
                        "batch-size", "B", Domain.COUNT, "examples in one optimizer step, over all devices"))
                .addOption(Flags.value("dataset-size", "N", Domain.COUNT, "examples in the training set"))
                .addOption(Flags.value(
                        "loss-reduction",
                        "R",
                        Domain.oneOf(LossReduction.class),
                        "how the loss combined a batch's examples: mean or sum"))
                .addOption(Flags.value(
                        "decay", "D", Domain.SHARE, "the decay of the average (Adam's beta2), where the file lacks it"))
                .addOption(Flags.value("step", "T", Domain.COUNT, "optimizer steps, where the file lacks them"))
                .addOption(Flags.bare(
                        "assume-order", "believe that the model's file lists parameters as the optimizer does"))
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.FISHER, "the Squisher, a safetensors file"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "PyTorch: model and optimizer were saved apart",
                        "convert optimizer.pt --model params.pt --batch-size 64 -o squisher.safetensors"),
                new Example(
                        "a folder of Hugging Face's Trainer",
                        "convert checkpoint-500 --batch-size 32 -o squisher.safetensors"),
                new Example("see what would be paired, and why", "convert checkpoint.pt --dry-run"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        Path input = values.arguments("CHECKPOINT").get(0);
        ConversionOptions options = options(job.line(), values);
        try (Checkpoint checkpoint = CheckpointFormats.open(input);
                OpenWeights model = OpenWeights.ofAny(values.path("model"))) {
            ConversionPlan plan = Conversion.plan(checkpoint, model.source(), options);
            plan.notes().forEach(job.console()::note);
            return job.finish(report(checkpoint, plan), output -> FisherFile.write(output.path(), plan.diagonal()));
        }
    }

    private static ConversionOptions options(CommandLine line, Values values) {
        Optional<Provenance.Reduction> reduction = values.choice("loss-reduction", LossReduction.class)
                .map(choice -> Provenance.Reduction.valueOf(choice.name()));
        return new ConversionOptions(
                values.wholeNumber("batch-size"),
                values.wholeNumber("dataset-size"),
                reduction,
                values.number("decay"),
                values.wholeNumber("step"),
                values.path("names").map(ConvertCommand::lines),
                line.hasOption("assume-order"),
                NameMatching.prefix(values));
    }

    private static List<String> lines(Path path) {
        return TextFile.read(path, "list of names")
                .lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static Report report(Checkpoint checkpoint, ConversionPlan plan) {
        Provenance provenance = plan.diagonal().provenance();
        return Report.of(Counted.of(plan.pairings().size(), "tensor"))
                .planned(lines(checkpoint, plan))
                .field("checkpoint", checkpoint.path().toString())
                .field("format", checkpoint.format())
                .field("provenance", JsonParser.parseString(FisherFile.toJson(provenance)))
                .field("tensors", tensors(plan))
                .warnings(plan.warnings());
    }

    private static List<String> lines(Checkpoint checkpoint, ConversionPlan plan) {
        List<String> lines = new ArrayList<>();
        Provenance provenance = plan.diagonal().provenance();
        String prefix = checkpoint.path() + ": " + checkpoint.format() + ", ";
        if (provenance.getOptimizerGroupsCount() == 0) {
            lines.add(prefix + words(provenance.getAccumulator()));
        }
        for (OptimizerGroup group : provenance.getOptimizerGroupsList()) {
            lines.add(prefix + words(group.getAccumulator()) + ": " + Counted.of(group.getTensorsCount(), "tensor"));
        }
        TextTable table = new TextTable("parameter", "shape", "from", "by");
        for (Pairing pairing : plan.pairings()) {
            table.row(
                    pairing.parameter(),
                    pairing.slot().accumulator().orElseThrow().shape().toString(),
                    pairing.slot().key(),
                    pairing.reason());
        }
        lines.addAll(table.lines());
        return lines;
    }

    private static String words(Accumulator facts) {
        return facts.getOptimizer() + " (" + facts.getSlot() + ")"
                + (facts.hasDecay() ? ", decay " + DecayText.of(facts.getDecay()) : "")
                + (facts.hasStep() ? ", step " + facts.getStep() : ", step unknown");
    }

    private static JsonArray tensors(ConversionPlan plan) {
        JsonArray tensors = new JsonArray();
        for (Pairing pairing : plan.pairings()) {
            JsonObject tensor = new JsonObject();
            tensor.addProperty("parameter", pairing.parameter());
            tensor.add(
                    "shape",
                    Json.shape(pairing.slot().accumulator().orElseThrow().shape()));
            tensor.addProperty("from", pairing.slot().key());
            tensor.addProperty("by", pairing.reason());
            tensors.add(tensor);
        }
        return tensors;
    }
}
