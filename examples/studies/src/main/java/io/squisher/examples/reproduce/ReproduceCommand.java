package io.squisher.examples.reproduce;

import io.squisher.Counted;
import io.squisher.Suggestions;
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
import io.squisher.examples.data.FashionMnist;
import io.squisher.examples.data.FashionMnistDownload;
import io.squisher.examples.reproduce.experiment.Experiment;
import io.squisher.examples.reproduce.report.PanelPicture;
import io.squisher.examples.reproduce.report.ReproduceJson;
import io.squisher.examples.reproduce.report.ReproduceMarkdown;
import io.squisher.examples.reproduce.report.ReproduceReport;
import io.squisher.examples.reproduce.report.ReproduceTables;
import io.squisher.examples.reproduce.report.Summary;
import io.squisher.examples.reproduce.running.Planned;
import io.squisher.examples.reproduce.running.Runs;
import io.squisher.examples.reproduce.setting.DigitsSource;
import io.squisher.examples.reproduce.setting.FashionMnistSource;
import io.squisher.examples.reproduce.setting.ImageSource;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.text.TextReproduction;
import io.squisher.files.AtomicFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.report.PageFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * {@code squisher reproduce}: the paper's six settings on real images, with a report. The quick form and the ablations run on
 * the embedded digits, the full one on Fashion-MNIST.
 */
public final class ReproduceCommand implements Command {
    /** Some seconds each at least: beyond these a typing error is likelier. */
    private static final int MOST_SEEDS = 10_000;

    @Override
    public String name() {
        return "reproduce";
    }

    @Override
    public String summary() {
        return "Run the paper's six settings with Fisher, Squisher and baselines, and report";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public Options options() {
        return TextReproduction.declareIn(new Options())
                .addOption(Flags.bare("quick", "the embedded digits and small networks, under a minute; the default"))
                .addOption(
                        Flags.bare(
                                "full",
                                "Fashion-MNIST, EWC with the paper's networks; with --seeds 3 some 30 minutes on two idle cores"))
                .addOption(Flags.bare("ablations", "what the Squisher depends on, in EWC on the digits; some minutes"))
                .addOption(Flags.value(
                        "data",
                        "DIR",
                        Domain.PATH,
                        "folder of the four IDX files of Fashion-MNIST; default that of Debian's package"
                                + " dataset-fashion-mnist"))
                .addOption(Flags.bare(
                        "download", "fetch Fashion-MNIST (31 MB) into the output folder first; checksums are verified"))
                .addOption(Flags.output(
                        OutputKind.REPORT_FOLDER,
                        "DIR",
                        "folder for report.html, panels.png, tables.md, results.json and the finished runs, which are not"
                                + " run again; default reproduce-quick, reproduce-full or reproduce-ablations"))
                .addOption(
                        Flags.value(
                                "seeds",
                                "K",
                                Domain.countUpTo(MOST_SEEDS),
                                "how many seeds; default 3, for --ablations 5, for --full 10 or, of long runs, 5, for --text 5 or fewer"))
                .addOption(Flags.value(
                        "setting",
                        "NAMES|all",
                        "only some of "
                                + Arrays.stream(Experiment.values())
                                        .map(experiment -> String.join(", ", experiment.names()) + " ("
                                                + experiment.option() + ")")
                                        .collect(Collectors.joining("; "))
                                + "; with --text of " + String.join(", ", TextReproduction.names())
                                + ", between commas"))
                .addOption(PageOption.declare())
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("all six settings on the embedded digits", "reproduce"),
                new Example("more seeds of one; those that ran are kept", "reproduce --setting pruning --seeds 10"),
                new Example(
                        "on Fashion-MNIST from Debian's package; started again, it goes on",
                        "reproduce --full --seeds 3"),
                new Example(
                        "one setting, on files of your own", "reproduce --full --setting ewc-split --data ~/fashion"),
                new Example("what the Squisher depends on", "reproduce --ablations"),
                new Example(
                        "text tasks with an encoder, for an hour; started again, it goes on",
                        "reproduce --text tasks --hours 1"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        values.noArguments();
        Experiment experiment = experiment(line, values);
        if (TextReproduction.isAsked(values)) {
            return onTexts(values, console);
        }
        TextReproduction.refuse(values);
        Path output = values.reportFolder("reproduce-" + experiment.option());
        List<Planned> plan = plan(experiment, values);
        if (values.isDryRun()) {
            plan.forEach(
                    planned -> console.print(planned.setting().name() + ": " + Counted.of(planned.seeds(), "seed")));
            console.print("dry run: " + Counted.of(plan.size(), "setting") + ", into " + output);
            return ExitCode.DONE;
        }
        ImageSource source = source(experiment, values, line.hasOption("download"), output);
        List<Summary> summaries = new Runs(source, output, console)
                .run(plan).stream().map(Summary::new).toList();
        byte[] picture = PanelPicture.draw(summaries);
        AtomicFile.write(output.resolve("panels.png"), picture);
        AtomicFile.write(
                output.resolve("tables.md"), ReproduceMarkdown.of(summaries).getBytes(StandardCharsets.UTF_8));
        JsonObject json = ReproduceJson.of(summaries);
        Path page = PageOption.of(values).map(Output::path).orElse(output.resolve("report.html"));
        PageFile.write(ReproduceReport.page(summaries, source, command(experiment, values)), page, json);
        print(summaries, console);
        console.print("wrote " + page + ", and its numbers beside it");
        console.printJson(json);
        return ExitCode.DONE;
    }

    private static ExitCode onTexts(Values values, Console console) {
        for (String option : List.of("full", "ablations", "data", "download")) {
            if (values.has(option)) {
                throw values.wrong("--" + option + " is for images, and does not go with --text or --runs");
            }
        }
        return new TextReproduction(values, console).run();
    }

    private static Experiment experiment(CommandLine line, Values values) {
        List<Experiment> asked = Arrays.stream(Experiment.values())
                .filter(experiment -> line.hasOption(experiment.option()))
                .toList();
        if (asked.size() > 1) {
            throw values.wrong("--quick, --full and --ablations exclude each other");
        }
        return asked.isEmpty() ? Experiment.QUICK : asked.get(0);
    }

    private static List<Planned> plan(Experiment experiment, Values values) {
        Optional<Integer> seeds = values.wholeNumber("seeds").map(Long::intValue);
        String wanted = values.text("setting").orElse("all");
        List<String> names = wanted.equals("all") ? experiment.names() : List.of(wanted.split(",", -1));
        for (String name : names) {
            if (!experiment.names().contains(name)) {
                throw values.wrong("--setting takes all or some of " + String.join(", ", experiment.names())
                        + ", between commas, not '" + name + "'" + Suggestions.didYouMean(name, experiment.names()));
            }
        }
        return experiment.plan().stream()
                .filter(planned -> names.contains(planned.setting().name()))
                .map(planned -> new Planned(planned.setting(), seeds.orElse(planned.seeds())))
                .toList();
    }

    private static ImageSource source(Experiment experiment, Values values, boolean download, Path output) {
        Optional<Path> data = values.path("data");
        if (experiment != Experiment.FULL) {
            if (data.isPresent() || download) {
                throw values.wrong("--data and --download are for --full; the digits are embedded");
            }
            return new DigitsSource();
        }
        Path folder = data.orElse(download ? output.resolve("fashion-mnist") : FashionMnist.DEBIAN);
        if (download) {
            FashionMnistDownload.fetch(FashionMnistDownload.AUTHORS, folder);
        }
        return new FashionMnistSource(FashionMnist.read(folder));
    }

    private static String command(Experiment experiment, Values values) {
        return "squisher reproduce --" + experiment.option()
                + values.text("setting").map(name -> " --setting " + name).orElse("")
                + values.text("seeds").map(seeds -> " --seeds " + seeds).orElse("");
    }

    private static void print(List<Summary> summaries, Console console) {
        for (Summary summary : summaries) {
            for (Part part : summary.setting().parts()) {
                console.print(summary.setting().name() + ", " + part.name() + ": " + part.metric());
                ReproduceTables.results(summary, part).lines().forEach(console::print);
                console.print("");
            }
        }
    }
}
