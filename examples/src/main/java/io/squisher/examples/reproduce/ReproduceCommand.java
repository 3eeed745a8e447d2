package io.squisher.examples.reproduce;

import com.google.gson.JsonObject;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Console;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Flags;
import io.squisher.apps.cli.Values;
import io.squisher.files.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code squisher reproduce}: the paper's six settings on real images, with a report. The quick form on the embedded digits. */
public final class ReproduceCommand implements Command {
    private static final long DEFAULT_SEEDS = 3;

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
        return new Options()
                .addOption(Option.builder("o")
                        .longOpt("output")
                        .hasArg()
                        .argName("DIR")
                        .desc(
                                "folder for report.html, panels.png, results.json and the finished runs, which are not run again; default reproduce-quick")
                        .get())
                .addOption(Flags.value("seeds", "K", "how many seeds; default " + DEFAULT_SEEDS))
                .addOption(Flags.value("setting", "NAME|all", "only one of " + names()))
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("all six settings on the embedded digits", "reproduce"),
                new Example("more seeds of one; those that ran are kept", "reproduce --setting pruning --seeds 10"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        values.noArguments();
        Path output = values.path("output").orElse(Path.of("reproduce-quick"));
        int seeds = values.wholeNumber("seeds", 1).orElse(DEFAULT_SEEDS).intValue();
        String wanted = values.text("setting").orElse("all");
        List<Setting> settings = QuickSettings.all().stream()
                .filter(setting -> wanted.equals("all") || setting.name().equals(wanted))
                .toList();
        if (settings.isEmpty()) {
            throw values.wrong("--setting takes all or one of " + names() + ", not '" + wanted + "'");
        }
        ImageSource source = new DigitsSource();
        List<Summary> summaries = new Runs(source, output, console)
                .run(settings, seeds).stream().map(Summary::new).toList();
        byte[] picture = PanelPicture.draw(summaries);
        AtomicFile.write(output.resolve("panels.png"), picture);
        String command = "squisher reproduce --setting " + wanted + " --seeds " + seeds;
        ReproduceReport.write(summaries, source, command, picture, output.resolve("report.html"));
        JsonObject json = ReproduceJson.of(summaries);
        AtomicFile.write(output.resolve("results.json"), json.toString().getBytes(StandardCharsets.UTF_8));
        for (Summary summary : summaries) {
            for (Part part : summary.setting().parts()) {
                console.print(summary.setting().name() + ", " + part.name() + ": " + part.metric());
                ReproduceTables.results(summary, part).lines().forEach(console::print);
                console.print("");
            }
        }
        console.print("wrote " + output.resolve("report.html"));
        console.printJson(json);
        return ExitCode.DONE;
    }

    private static String names() {
        return QuickSettings.all().stream().map(Setting::name).collect(Collectors.joining(", "));
    }
}
