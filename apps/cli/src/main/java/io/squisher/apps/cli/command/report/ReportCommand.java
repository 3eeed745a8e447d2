package io.squisher.apps.cli.command.report;

import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Report;
import io.squisher.fisher.FisherScale;
import io.squisher.report.Page;
import io.squisher.report.PageFile;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Options;

/** {@code squisher report}: a page on where the sensitivity of a network sits. */
public final class ReportCommand implements WritingCommand {
    private static final double DEFAULT_TOP = 0.1;

    @Override
    public String name() {
        return "report";
    }

    @Override
    public String summary() {
        return "Write a page to look at diagonals: layers, heat maps, units, the graph, what a ratio would touch";
    }

    @Override
    public String arguments() {
        return "FISHER.safetensors... -o report.html";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.path(
                        "model", "M.onnx", "the model: its graph, roles, filters, neurons and heads, and its weights"))
                .addOption(Flags.path(
                        "weights", "FILE", "the parameters, for what pruning would touch; default those of --model"))
                .addOption(Flags.path("mask", "FILE", "a mask, for what it keeps"))
                .addOption(Flags.path(
                        "against",
                        "OTHER",
                        "another diagonal of the same parameters, with which each FISHER is compared"))
                .addOption(Flags.value(
                        "top",
                        "SHARE",
                        Domain.SHARE,
                        "share of coordinates for the overlap of the largest; default " + DEFAULT_TOP))
                .addOption(Flags.scale())
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(Flags.output(
                        OutputKind.PAGE, "FILE.html", "the page; its numbers go beside it, as results.json"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("where the sensitivity sits", "report fisher.safetensors -o report.html"),
                new Example(
                        "with the graph and what pruning would touch",
                        "report fisher.safetensors --model model.onnx -o report.html"),
                new Example(
                        "does the Squisher see what the Fisher sees",
                        "report squisher.safetensors --against fisher.safetensors --model model.onnx -o report.html"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        List<Path> fishers =
                job.line().getArgList().stream().map(values::toPath).toList();
        if (fishers.isEmpty()) {
            throw values.wrong("expected at least one Fisher");
        }
        ReportRequest request = new ReportRequest(
                fishers,
                values.path("against"),
                values.path("model"),
                values.path("weights"),
                values.path("mask"),
                values.scale().orElse(FisherScale.BATCH_IF_KNOWN),
                values.number("top").orElse(DEFAULT_TOP),
                values.has("allow-other-model"));
        try (ReportInputs inputs = ReportInputs.open(request, NameMatching.of(values, job.console()))) {
            Page page = new DiagonalPage(request, inputs).page(job.console());
            Report report = Report.of(page.lead().replaceFirst("\\.$", ""))
                    .field("summary", page.lead())
                    .warnings(page.warnings());
            return job.finish(report, output -> PageFile.write(page, output.path()));
        }
    }
}
