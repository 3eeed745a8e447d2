package io.squisher.apps.cli.command.mask;

import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.page.CommandPage;
import io.squisher.apps.cli.page.DiagonalSections;
import io.squisher.apps.cli.page.MaskBlocks;
import io.squisher.apps.cli.page.PageDiagonal;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.apps.mask.FishMask;
import io.squisher.apps.mask.FisherScoring;
import io.squisher.apps.mask.MaskOptions;
import io.squisher.apps.mask.MaskOptions.HeadCount;
import io.squisher.apps.mask.MaskPlan;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.topk.RandomScoring;
import io.squisher.apps.topk.Scope;
import io.squisher.apps.topk.Scoring;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.mask.MaskFile;
import io.squisher.report.Block;
import io.squisher.report.Page;
import io.squisher.report.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code squisher mask}: the mask of the parameters that matter most. */
public final class MaskCommand implements WritingCommand {
    @Override
    public String name() {
        return "mask";
    }

    @Override
    public String summary() {
        return "Make the FISH mask of the parameters that matter most, for training or 'reset'";
    }

    @Override
    public String arguments() {
        return "--fisher F --keep K -o MASK";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value(
                        "fisher", "FILE", Domain.PATH, "the Fisher or Squisher (the random method takes its shapes)"))
                .addOption(Flags.value(
                        "keep", "K", Domain.SHARE, "share of parameters that are kept, above 0 and at most 1"))
                .addOption(Flags.value(
                        "scope",
                        "SCOPE",
                        Domain.oneOf(Scope.class),
                        "where the share is counted: global (default) or layer"))
                .addOption(Flags.value("method", "M", Domain.oneOf(Method.class), "fisher (default) or random"))
                .addOption(Flags.seed("of the random method"))
                .addOption(Flags.exclude("parameters that are always kept: the classifier head"))
                .addOption(Flags.value(
                        "excluded-count",
                        "WHERE",
                        Domain.oneOf(HeadCount.class),
                        "outside the share (default), or inside it as the reference counts"))
                .addOption(PageOption.declare())
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.MASK, "the mask: a bit for each parameter"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "half of the parameters", "mask --fisher fisher.safetensors --keep 0.5 -o mask.safetensors"),
                new Example(
                        "0.5 % and the head, counted as the reference does",
                        "mask --fisher fisher.safetensors --keep 0.005 --exclude classifier --excluded-count inside"
                                + " -o mask.safetensors"));
    }

    private enum Method {
        FISHER,
        RANDOM
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        values.noArguments();
        Path file = values.requiredPath("fisher");
        MaskOptions options = values.valid(() -> new MaskOptions(
                values.number("keep").orElseThrow(() -> values.wrong("missing --keep")),
                values.choice("scope", Scope.class).orElse(Scope.GLOBAL),
                values.regex("exclude"),
                values.choice("excluded-count", HeadCount.class).orElse(HeadCount.OUTSIDE)));
        Method method = values.choice("method", Method.class).orElse(Method.FISHER);
        long seed = values.wholeNumber("seed").orElse(0L);
        try (FisherFile fisher = FisherFile.open(file)) {
            NamedFisher named = new NamedFisher(file.toString(), fisher.diagonal());
            Scoring scoring = method == Method.FISHER
                    ? new FisherScoring(named)
                    : RandomScoring.ofShapes(fisher.diagonal(), seed);
            MaskPlan plan = FishMask.plan(fisher.diagonal(), scoring, options);
            Report report = Report.of(plan.summary()).metadata(plan.metadata()).warnings(plan.warnings());
            return job.finish(report, output -> {
                MaskFile.write(output.path(), plan.masks(), plan.metadata());
                PageOption.write(values, () -> page(named, plan, report), job.console());
            });
        }
    }

    private static Page page(NamedFisher fisher, MaskPlan plan, Report report) {
        List<Section> sensitivity = DiagonalSections.of(
                        fisher, FisherScale.BATCH_IF_KNOWN, Optional.empty(), plan.masks())
                .sections();
        List<Block> kept = MaskBlocks.of(plan.masks(), PageDiagonal.method(fisher.diagonal()), true);
        return new CommandPage("mask", report).page("Mask by " + fisher.fileName(), kept, sensitivity);
    }
}
