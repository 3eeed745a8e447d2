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
import io.squisher.apps.map.MapPlan;
import io.squisher.apps.map.Mapping;
import io.squisher.apps.map.Match;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;

/** {@code squisher map}: a Fisher under another file's parameter names. */
public final class MapCommand implements WritingCommand {
    @Override
    public String name() {
        return "map";
    }

    @Override
    public String summary() {
        return "Rename and transpose a Fisher to another file's parameters, by the values of the weights";
    }

    @Override
    public String arguments() {
        return "FISHER --weights W --to MODEL -o OUT.safetensors";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value("to", "MODEL", Domain.PATH, "the file whose parameters the result is for"))
                .addOption(Flags.value(
                        "weights", "W", Domain.PATH, "the weights that the Fisher belongs to, under its names"))
                .addOption(
                        Flags.bare("allow-partial", "write what was found although parameters of MODEL got no Fisher"))
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.FISHER, "the Fisher under the new names"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "a Squisher of a PyTorch model, for its ONNX export",
                        "map squisher.safetensors --weights model.pt --to model.onnx -o mapped.safetensors"),
                new Example(
                        "see what would be found",
                        "map squisher.safetensors --weights model.pt --to model.onnx --dry-run"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        Path file = values.arguments("FISHER").get(0);
        Path model = values.requiredPath("to");
        Path weights = values.requiredPath("weights");
        try (FisherFile fisher = FisherFile.open(file);
                OpenWeights source = OpenWeights.of(weights);
                WeightSource target = WeightFormats.open(model)) {
            WeightSource own = source.source().orElseThrow();
            NameMatching matching = NameMatching.of(values, job.console());
            FisherDiagonal diagonal = matching.matched(own, file.toString(), fisher.diagonal());
            matching.requireUsed();
            MapPlan plan = Mapping.plan(diagonal, own, target);
            plan.unmatched().forEach((name, why) -> job.console().warn("'" + name + "': " + why));
            if (!plan.unused().isEmpty()) {
                job.console().note("not needed: " + String.join(", ", plan.unused()));
            }
            boolean complete = plan.unmatched().isEmpty();
            if (job.output().isPresent() && !complete && !values.has("allow-partial")) {
                return job.withhold(
                        report(plan),
                        Counted.of(plan.unmatched().size(), "parameter") + " of '" + model
                                + "' got no Fisher; --allow-partial writes the others");
            }
            return job.finish(report(plan), output -> FisherFile.write(output.path(), plan.diagonal()));
        }
    }

    private static Report report(MapPlan plan) {
        TextTable table = new TextTable("parameter", "shape", "from");
        JsonArray matches = new JsonArray();
        for (Match match : plan.matches()) {
            table.row(match.target(), match.fisher().shape().toString(), match.from());
            JsonObject item = new JsonObject();
            item.addProperty("parameter", match.target());
            item.addProperty("from", match.from());
            matches.add(item);
        }
        JsonObject unmatched = new JsonObject();
        plan.unmatched().forEach(unmatched::addProperty);
        return Report.of(Counted.of(plan.matches().size(), "tensor"))
                .planned(table.lines())
                .field("matches", matches)
                .field("unmatched", unmatched)
                .field("unused", Json.texts(plan.unused()));
    }
}
