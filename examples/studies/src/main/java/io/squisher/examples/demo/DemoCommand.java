package io.squisher.examples.demo;

import io.squisher.Counted;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.examples.data.Digits;
import io.squisher.examples.demo.DemoSettings.SoftmaxClasses;
import io.squisher.report.PageFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code squisher demo}: trains, exports, computes, merges and reports on the embedded digits. */
public final class DemoCommand implements Command {
    private static final long DEFAULT_SEEDS = 10;

    /** Some seconds each: beyond these a typing error is likelier. */
    private static final int MOST_SEEDS = 10_000;

    private static final int MOST_STEPS = 10_000_000;

    @Override
    public String name() {
        return "demo";
    }

    @Override
    public String summary() {
        return "Train, export, compute Fishers, merge and report on the embedded digits";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.output(
                        OutputKind.REPORT_FOLDER, "DIR", "folder for the models and report.html; default demo-output"))
                .addOption(Flags.value(
                        "seeds", "K", Domain.countUpTo(MOST_SEEDS), "how many seeds; default " + DEFAULT_SEEDS))
                .addOption(Flags.value(
                        "steps",
                        "N",
                        Domain.countUpTo(MOST_STEPS),
                        "fine-tuning steps; default " + DemoSettings.DEFAULT.steps()))
                .addOption(Flags.value(
                        "learning-rate",
                        "R",
                        Domain.POSITIVE,
                        "of fine-tuning; default " + DemoSettings.DEFAULT.learningRate()))
                .addOption(Flags.value(
                        "pretraining-steps",
                        "N",
                        Domain.wholeNumber(0, MOST_STEPS),
                        "steps of the shared network; default " + DemoSettings.DEFAULT.pretrainingSteps()))
                .addOption(Flags.value(
                        "softmax",
                        "own|all",
                        Domain.oneOf(SoftmaxClasses.class),
                        "over which classes the softmax of fine-tuning goes: the model's own five (default), or all"))
                .addOption(Flags.bare(
                        "grid", "only try numbers of steps and learning rates on validation images, with other seeds"))
                .addOption(PageOption.declare())
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("ten seeds, a report and all models in demo-output", "demo"),
                new Example("how the steps and the learning rate were chosen", "demo --grid"),
                new Example(
                        "with a softmax over classes that a model never sees", "demo --softmax all -o all-classes"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        values.noArguments();
        Path output = values.reportFolder("demo-output");
        int seeds = values.wholeNumber("seeds").orElse(DEFAULT_SEEDS).intValue();
        DemoSettings settings = settings(values);
        if (values.isDryRun()) {
            console.print(settings.text());
            console.print("dry run: " + Counted.of(seeds, "seed") + ", into " + output);
            return ExitCode.DONE;
        }
        SeedRuns runs = new SeedRuns(Digits.load(), console);
        if (line.hasOption("grid")) {
            Grid.run(runs, settings, seeds, output.resolve("grid"), console);
            return ExitCode.DONE;
        }
        DemoResult result = runs.run(settings, LongStream.rangeClosed(1, seeds), output);
        Path page = PageOption.of(values).map(Output::path).orElse(output.resolve("report.html"));
        PageFile.write(DemoReport.page(result, "squisher " + commandLine(line)), page, DemoJson.of(result));
        print(result, page, console);
        return ExitCode.DONE;
    }

    private static DemoSettings settings(Values values) {
        DemoSettings defaults = DemoSettings.DEFAULT;
        return new DemoSettings(
                values.wholeNumber("pretraining-steps").map(Long::intValue).orElse(defaults.pretrainingSteps()),
                values.wholeNumber("steps").map(Long::intValue).orElse(defaults.steps()),
                values.number("learning-rate").map(Double::floatValue).orElse(defaults.learningRate()),
                values.choice("softmax", SoftmaxClasses.class).orElse(defaults.classes()));
    }

    private String commandLine(CommandLine line) {
        StringBuilder text = new StringBuilder(name());
        for (Option option : line.getOptions()) {
            text.append(" --").append(option.getLongOpt());
            if (option.hasArg()) {
                text.append(' ').append(option.getValue());
            }
        }
        return text.toString();
    }

    private static void print(DemoResult result, Path page, Console console) {
        console.print(result.settings().text());
        console.print("");
        console.print("Test accuracy on all ten classes, "
                + Counted.of(result.seeds().size(), "seed") + ", mean ± standard error:");
        DemoTables.accuracy(result).lines().forEach(console::print);
        console.print(Fairness.reading(result));
        console.print("");
        console.print("Squisher against Fisher:");
        DemoTables.agreement(result).lines().forEach(console::print);
        console.print("");
        console.print("Cost for one model:");
        DemoTables.cost(result).lines().forEach(console::print);
        console.print("");
        console.print("wrote " + page + ", its numbers beside it, and the models of each seed");
        console.printJson(DemoJson.of(result));
    }
}
