package io.squisher.apps.cli.command.fisher;

import io.squisher.Counted;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.fisher.FisherContent;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.onnx.fisher.FisherMerge;
import io.squisher.onnx.fisher.FisherSums;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code squisher fisher-merge}: adds the sums of shards to a Fisher. */
public final class FisherMergeCommand implements WritingCommand {
    @Override
    public String name() {
        return "fisher-merge";
    }

    @Override
    public String summary() {
        return "Add the sums of shards, which 'fisher --shard' writes, to a Fisher";
    }

    @Override
    public String arguments() {
        return "PART.sums... -o OUT.safetensors";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.bare(
                        "allow-missing",
                        "the Fisher of the shards that are there, where some of the data's are missing"))
                .addOption(Flags.json())
                .addOption(Flags.output(
                        OutputKind.FISHER_OR_SUMS,
                        "where the Fisher goes; sums again, to be added to others, where the name ends in .sums"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("the Fisher of all shards", "fisher-merge part-*.sums -o fisher.safetensors"),
                new Example(
                        "the Fisher of those that are done",
                        "fisher-merge part-*.sums --allow-missing -o fisher.safetensors"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        List<Path> parts = values.argumentsFrom("PART.sums");
        try (FisherMerge merge = FisherMerge.open(parts)) {
            FisherSums sums = merge.sums();
            Optional<Path> place = values.place().map(Output::path);
            boolean again = place.map(SumsOutput::isSums).orElse(false);
            // Without a place, as a dry run may be, either may be meant.
            if (place.isPresent() && !again && !values.has("allow-missing")) {
                merge.requireAll();
            }
            String kind = sums.kind();
            Report report = Report.of((again ? "the sums" : "the " + kind + " Fisher") + " of "
                            + Counted.of(sums.tensors().size(), "tensor") + " over "
                            + Counted.of(sums.count(), "example") + " from " + Counted.of(parts.size(), "file"))
                    .field("kind", kind)
                    .field("examples", sums.count())
                    .field("parts", parts.size())
                    .field(
                            "missing",
                            Json.texts(merge.missing().stream()
                                    .map(String::valueOf)
                                    .toList()));
            return job.finish(report, output -> {
                if (again) {
                    sums.write(output.path());
                } else {
                    write(sums.toDiagonal(), output.path(), job, report);
                }
            });
        }
    }

    private static void write(FisherDiagonal diagonal, Path file, Job job, Report report) {
        FisherFile.write(file, diagonal);
        job.console().warnAll(FisherContent.of(diagonal).warnings(file.toString()));
        StandardErrors.of(diagonal).addTo(report);
    }
}
