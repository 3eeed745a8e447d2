package io.squisher.examples.reproduce.text;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.examples.reproduce.text.model.ModelFolder;
import io.squisher.examples.reproduce.text.model.PaceMeter;
import io.squisher.examples.reproduce.text.model.TextModels;
import io.squisher.examples.reproduce.text.model.TextSizes;
import io.squisher.examples.reproduce.text.report.TextReport;
import io.squisher.examples.reproduce.text.study.TextSetting;
import io.squisher.examples.reproduce.text.study.TextSettings;
import io.squisher.examples.reproduce.text.study.TextStudy;
import io.squisher.examples.reproduce.text.task.Encoder;
import io.squisher.examples.reproduce.text.task.EncoderJar;
import io.squisher.examples.reproduce.text.task.TaskFolder;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.Unit;
import io.squisher.examples.reproduce.text.unit.UnitResult;
import io.squisher.examples.reproduce.text.unit.UnitRuns;
import io.squisher.examples.reproduce.text.unit.UnitStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;

/** {@code squisher reproduce --text}: the settings on text tasks. */
public final class TextReproduction {
    private static final String TEXT = "text";
    private static final String RUNS = "runs";
    private static final String ENCODER = "encoder";
    private static final String HOURS = "hours";
    private static final String WORKERS = "workers";

    private static final int MOST_WORKERS = 256;

    /** Of Java's heap. */
    private static final long MEMORY_OF_WORKER = 2L << 30;

    /** What a try takes. */
    private static final List<String> QUICK_TASKS = List.of("trec", "subj", "snips");

    private final Values values;
    private final Console console;

    public TextReproduction(Values values, Console console) {
        this.values = values;
        this.console = console;
    }

    /** Declares the options that go with texts alone. */
    public static Options declareIn(Options options) {
        return options.addOption(Flags.path(
                        TEXT,
                        "DIR",
                        "on text tasks instead, with a pre-trained encoder: a folder of tasks, each a folder with"
                                + " train.tsv, validation.tsv and test.tsv, lines text<TAB>label. Some hours; with"
                                + " --quick three tasks, some minutes"))
                .addOption(Flags.path(
                        ENCODER,
                        "JAR",
                        "the encoder for --text, a jar of LangChain4j; default that of all-MiniLM-L6-v2 in Maven's"
                                + " local repository"))
                .addOption(Flags.value(
                        HOURS,
                        "H",
                        Domain.POSITIVE,
                        "with --text: start nothing that would not end after so many hours; the same command goes on"))
                .addOption(Flags.value(
                        WORKERS,
                        "K",
                        Domain.countUpTo(MOST_WORKERS),
                        "with --text: so many units at the same time, each on one thread; default one a processor, at"
                                + " most one for each 2 GB of Java's memory"))
                .addOption(Flags.path(
                        RUNS,
                        "DIR",
                        "only the report on texts, from the folder runs of an earlier --text; runs nothing"));
    }

    /** Whether a command line asks for texts. */
    public static boolean isAsked(Values values) {
        return values.has(TEXT) || values.has(RUNS);
    }

    /**
     * Refuses options that go with texts alone.
     *
     * @throws io.squisher.apps.cli.option.UsageException if one is given
     */
    public static void refuse(Values values) {
        for (String option : List.of(ENCODER, HOURS, WORKERS)) {
            if (values.has(option)) {
                throw values.wrong("--" + option + " goes with --" + TEXT);
            }
        }
    }

    /** Names of its settings, for help. */
    public static List<String> names() {
        return TextSettings.all().stream().map(TextSetting::name).toList();
    }

    /** Runs what is missing, and reports. */
    public ExitCode run() {
        if (values.has(RUNS)) {
            return reportAlone();
        }
        boolean quick = values.has("quick");
        Path output = values.reportFolder("reproduce-text" + (quick ? "-quick" : ""));
        Path jar = values.path(ENCODER).orElseGet(EncoderJar::usual);
        List<TextSetting> settings = settings();
        TextSizes sizes = quick ? TextSizes.QUICK : TextSizes.FULL;
        List<TextTask> tasks =
                TaskFolder.read(values.requiredPath(TEXT), quick ? QUICK_TASKS : TextSettings.TASKS, sizes.lines());
        Encoder encoder = EncoderJar.look(jar, output.resolve(ENCODER));
        Identity identity = new Identity(encoder.name(), sizes, tasks);
        ModelFolder models = new ModelFolder(output.resolve("models-" + identity.text("")));
        // Each on one thread: another number of workers gives the same bits.
        List<TextStudy> studies = Stream.generate(() -> new TextStudy(tasks, new TextModels(encoder, sizes, models, 1)))
                .limit(workers())
                .toList();
        List<List<Unit>> workers = studies.stream()
                .map(study -> TextSettings.units(study, settings, seeds(quick)))
                .toList();
        List<Unit> units = workers.get(0);
        UnitRuns runs = new UnitRuns(output, unit -> identity.of(unit), console::note);
        if (values.isDryRun()) {
            console.print("dry run: " + Counted.of(runs.missing(units).size(), "unit") + " to run of " + units.size()
                    + ", into " + output);
            return ExitCode.DONE;
        }
        EncoderJar.unpack(jar, encoder);
        int missing = run(runs, workers, studies.get(0));
        List<UnitResult> results = UnitRuns.results(output).all();
        if (!results.isEmpty()) {
            report(results, output, command());
        }
        if (!runs.failures().isEmpty()) {
            throw runs.failures().get(0);
        }
        return missing == 0 ? ExitCode.DONE : ended(missing);
    }

    /** As many as there are processors, and memory for. */
    private int workers() {
        Runtime runtime = Runtime.getRuntime();
        long most = Math.max(1, Math.min(runtime.availableProcessors(), runtime.maxMemory() / MEMORY_OF_WORKER));
        return values.wholeNumber(WORKERS).map(Math::toIntExact).orElse((int) most);
    }

    private int run(UnitRuns runs, List<List<Unit>> workers, TextStudy study) {
        if (runs.missing(workers.get(0)).isEmpty()) {
            console.note("all " + Counted.of(workers.get(0).size(), "unit") + " are there already");
            return 0;
        }
        double hours = values.number(HOURS).orElse(Double.POSITIVE_INFINITY);
        return runs.run(
                workers,
                folder -> PaceMeter.measure(study.models(), study.tasks().get(0), folder),
                hours);
    }

    private ExitCode ended(int missing) {
        console.note(Counted.of(missing, "unit") + " are still to run; the report is of what is there");
        return ExitCode.DONE;
    }

    private ExitCode reportAlone() {
        for (String option : List.of(TEXT, ENCODER, HOURS, WORKERS, "quick", "setting", "seeds")) {
            if (values.has(option)) {
                throw values.wrong("--" + option + " does not go with --" + RUNS + ", which runs nothing");
            }
        }
        Path output = values.reportFolder("reproduce-text");
        Path results = values.requiredPath(RUNS);
        if (values.isDryRun()) {
            console.print("dry run: a report on '" + results + "', into " + output);
            return ExitCode.DONE;
        }
        List<UnitResult> found = new UnitStore(results).all();
        if (found.isEmpty()) {
            throw new SquisherException(
                    "there are no results in '" + results + "': give the folder runs that an earlier --text has made");
        }
        report(found, output, "squisher reproduce --" + RUNS + " " + results.getFileName());
        return ExitCode.DONE;
    }

    private void report(List<UnitResult> results, Path output, String command) {
        TextReport report = new TextReport(results);
        Path page = PageOption.of(values).map(Output::path).orElse(output.resolve("report.html"));
        console.printJson(report.write(output, page, command));
        report.lines().forEach(console::print);
        console.print("wrote " + page + ", and beside it its numbers");
    }

    private OptionalInt seeds(boolean quick) {
        return values.wholeNumber("seeds")
                .map(Math::toIntExact)
                .map(OptionalInt::of)
                .orElse(quick ? OptionalInt.of(1) : OptionalInt.empty());
    }

    private List<TextSetting> settings() {
        String wanted = values.text("setting").orElse("all");
        if (wanted.equals("all")) {
            return TextSettings.all();
        }
        List<String> names = Arrays.asList(wanted.split(",", -1));
        for (String name : names) {
            if (!names().contains(name)) {
                throw values.wrong("--setting takes all or some of " + String.join(", ", names())
                        + " between commas, not '" + name + "'" + Suggestions.didYouMean(name, names()));
            }
        }
        return TextSettings.all().stream()
                .filter(setting -> names.contains(setting.name()))
                .toList();
    }

    private String command() {
        return "squisher reproduce --" + TEXT + " DIR"
                + (values.has("quick") ? " --quick" : "")
                + values.text("setting").map(name -> " --setting " + name).orElse("")
                + values.text("seeds").map(seeds -> " --seeds " + seeds).orElse("");
    }
}
