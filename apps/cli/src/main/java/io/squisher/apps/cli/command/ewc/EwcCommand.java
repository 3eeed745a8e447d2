package io.squisher.apps.cli.command.ewc;

import io.squisher.SquisherException;
import io.squisher.apps.PenaltyFiles;
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
import io.squisher.apps.cli.page.PageOption;
import io.squisher.apps.ewc.Consolidation;
import io.squisher.apps.ewc.EwcOptions;
import io.squisher.apps.ewc.EwcOptions.Mode;
import io.squisher.apps.ewc.EwcPenalty;
import io.squisher.apps.ewc.EwcTask;
import io.squisher.apps.ewc.FisherImportance;
import io.squisher.apps.ewc.Importance;
import io.squisher.apps.ewc.PenaltyEffect;
import io.squisher.apps.ewc.UniformImportance;
import io.squisher.apps.plan.Problems;
import io.squisher.files.Opening;
import io.squisher.fisher.FisherScale;
import io.squisher.format.WeightFormats;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.cli.Options;

/** {@code squisher ewc}: the consolidated Fisher and anchor of several tasks. */
public final class EwcCommand implements WritingCommand {
    @Override
    public String name() {
        return "ewc";
    }

    @Override
    public String summary() {
        return "Consolidate the Fishers and weights of several tasks into one EWC penalty";
    }

    @Override
    public String arguments() {
        return "--model M --fisher F (repeated per task, in their order) -o FISHER --anchor-out ANCHOR";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value("model", "FILE", Domain.PATH.repeated(), "the weights after a task"))
                .addOption(Flags.value(
                        "fisher", "FILE", Domain.PATH.repeated(), "the Fisher or Squisher of the task before it"))
                .addOption(Flags.value(
                        "weight",
                        "W",
                        Domain.NOT_NEGATIVE.repeated(),
                        "factor of the Fisher of the task before it; default 1"))
                .addOption(Flags.value(
                        "mode",
                        "M",
                        Domain.oneOf(Mode.class),
                        "separate (default: every task keeps its centre) or online (the last centre, decay)"))
                .addOption(Flags.value(
                        "decay", "G", Domain.SHARE, "online: factor of the older Fishers at each task; default 1"))
                .addOption(Flags.value(
                        "method",
                        "M",
                        Domain.oneOf(Method.class),
                        "fisher (default), or the baselines identity (plain L2) and none (no penalty)"))
                .addOption(Flags.scale())
                .addOption(Flags.value(
                        "lambda", "L", Domain.NOT_NEGATIVE, "the penalty's strength, to report it; default 1"))
                .addOption(Flags.value(
                        "lambda-convention",
                        "C",
                        Strength.CONVENTIONS,
                        "what lambda multiplies: half-mean (default: L/2 sum F (theta - theta*)^2, F a mean over"
                                + " examples), mean (without the half), half-sum, sum, half-batched or batched"))
                .addOption(Flags.value(
                        "examples", "N", Domain.COUNT, "data set size, to convert lambda for summed Fishers"))
                .addOption(
                        Flags.value("batch-size", "B", Domain.COUNT, "batch size, to convert lambda for accumulators"))
                .addOption(Flags.value("at", "MODEL", Domain.PATH, "report the penalty's value at these weights"))
                .addOption(Flags.exclude("parameters that are not held: the heads of the tasks"))
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(PageOption.declare())
                .addOption(Flags.json())
                .addOption(Flags.outputBeside(
                        "anchor-out", OutputKind.ANCHOR, "the centre of the penalty, a safetensors file"))
                .addOption(Flags.output(OutputKind.FISHER, "the consolidated Fisher, a safetensors file"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "two tasks for the training of a third",
                        "ewc --model t1.onnx --fisher t1.safetensors --model t2.onnx --fisher t2.safetensors"
                                + " --exclude head -o ewc.safetensors --anchor-out anchor.safetensors"),
                new Example(
                        "online, with lambda in all conventions",
                        "ewc --mode online --decay 0.9 --lambda 100 --examples 60000 --batch-size 128"
                                + " --model t1.onnx --fisher t1.safetensors --model t2.onnx --fisher t2.safetensors"
                                + " -o ewc.safetensors --anchor-out anchor.safetensors"));
    }

    private enum Method {
        FISHER,
        IDENTITY,
        NONE
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        values.noArguments();
        List<ModelOptions> models = ModelOptions.of(job.line(), values);
        if (models.isEmpty()) {
            throw values.wrong("missing --model");
        }
        Method method = values.choice("method", Method.class).orElse(Method.FISHER);
        FisherScale scale = values.scale().orElse(FisherScale.BATCH_IF_KNOWN);
        EwcOptions options = values.valid(() -> new EwcOptions(
                values.choice("mode", Mode.class).orElse(Mode.SEPARATE),
                values.number("decay").orElse(1.0),
                values.regex("exclude"),
                values.has("allow-other-model")));
        Strength strength = Strength.of(values);
        Optional<Output> anchor = job.output()
                .map(path -> job.beside("anchor-out").orElseThrow(() -> values.wrong("missing --anchor-out")));
        NameMatching matching = NameMatching.of(values, job.console());
        try (OpenModels open = OpenModels.open(models, matching)) {
            List<EwcTask> tasks = tasks(open, method, scale);
            EwcPenalty penalty = Consolidation.of(tasks, options);
            tasks.forEach(task -> job.console().warnAll(task.importance().warnings()));
            PenaltyEffect effect = effect(penalty, tasks, options, strength, at(values, tasks, matching));
            Report report = new EwcReport(effect, strength)
                    .report()
                    .details(anchor.map(Output::wrote).stream().toList());
            return job.finish(report, file -> {
                new PenaltyFiles(file.path(), anchor.orElseThrow().path())
                        .write(penalty, tasks, options, strength.given());
                WeightSource first = open.models().get(0).weights();
                PageOption.write(values, () -> new EwcPage(effect, first).page(report, file.path()), job.console());
            });
        }
    }

    /** Opens the weights of {@code --at}, under the names of the first task. */
    private static Supplier<List<WeightSource>> at(Values values, List<EwcTask> tasks, NameMatching matching) {
        return () ->
                values
                        .path("at")
                        .map(path -> matching.matched(tasks.get(0).weights(), WeightFormats.open(path)))
                        .stream()
                        .toList();
    }

    private static PenaltyEffect effect(
            EwcPenalty penalty,
            List<EwcTask> tasks,
            EwcOptions options,
            Strength strength,
            Supplier<List<WeightSource>> at) {
        try (Opening opening = new Opening()) {
            List<WeightSource> more = at.get();
            more.forEach(opening::add);
            return PenaltyEffect.of(penalty, tasks, options, strength.lambda(), more);
        }
    }

    private static List<EwcTask> tasks(OpenModels open, Method method, FisherScale scale) {
        Problems problems = new Problems("cannot consolidate");
        List<EwcTask> tasks = new ArrayList<>();
        for (OpenModels.Model model : open.models()) {
            problems.collect(() -> tasks.add(new EwcTask(
                    model.weights(),
                    importance(model, method, scale),
                    model.options().weight())));
        }
        problems.throwIfAny();
        return tasks;
    }

    private static Importance importance(OpenModels.Model model, Method method, FisherScale scale) {
        return switch (method) {
            case FISHER ->
                new FisherImportance(
                        model.fisher()
                                .orElseThrow(() -> new SquisherException(
                                        "'" + model.weights().path() + "' has no Fisher; give one with --fisher")),
                        scale);
            case IDENTITY -> UniformImportance.identity(model.weights());
            case NONE -> UniformImportance.none(model.weights());
        };
    }
}
