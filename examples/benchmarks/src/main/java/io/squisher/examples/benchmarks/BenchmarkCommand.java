package io.squisher.examples.benchmarks;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher benchmark}: runs the benchmarks, and says what became slower since a baseline. */
public final class BenchmarkCommand implements Command {
    private static final long DEFAULT_RUNS = 3;
    private static final int MOST_RUNS = 1000;

    @Override
    public String name() {
        return "benchmark";
    }

    @Override
    public String summary() {
        return "Run the project's benchmarks, and compare them with a baseline";
    }

    @Override
    public String arguments() {
        return "[NAME...]";
    }

    @Override
    public List<String> argumentWords() {
        return Benchmark.words();
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Flags.value(
                        "baseline",
                        "FILE",
                        Domain.PATH,
                        "what --json printed before; exit with 1 where a figure is worse by more than runs are apart"))
                .addOption(Flags.value(
                        "runs",
                        "R",
                        Domain.countUpTo(MOST_RUNS),
                        "runs of each benchmark, of which the median counts; default " + DEFAULT_RUNS))
                .addOption(Flags.bare("list", "only list the benchmarks"))
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("what there is", "benchmark --list"),
                new Example("the Fisher of two models", "benchmark fisher-m1 fisher-m2"),
                new Example("keep the figures of all", "benchmark --json > baseline.json"),
                new Example("what became slower since", "benchmark --baseline baseline.json"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        List<Benchmark> usual = values.has("list") ? List.of(Benchmark.values()) : Benchmark.usual();
        List<Benchmark> chosen = chosen(line.getArgList(), usual, values);
        if (values.has("list")) {
            list(chosen, console);
            return ExitCode.DONE;
        }
        Optional<Baseline> baseline = values.path("baseline").map(Baseline::read);
        int runs = values.wholeNumber("runs").orElse(DEFAULT_RUNS).intValue();
        Map<String, Map<String, Figure>> measured = new LinkedHashMap<>();
        for (Benchmark benchmark : chosen) {
            measured.put(benchmark.word(), measure(benchmark, runs, console));
        }
        return report(new Baseline(measured), baseline, console);
    }

    private static List<Benchmark> chosen(List<String> words, List<Benchmark> usual, Values values) {
        List<Benchmark> chosen = new ArrayList<>();
        for (String word : words) {
            try {
                chosen.add(
                        Benchmark.values()[
                                Benchmark.words()
                                        .indexOf(Domain.oneOf(Benchmark.words()).apply(word))]);
            } catch (SquisherException e) {
                throw values.wrong("the name " + e.getMessage());
            }
        }
        return chosen.isEmpty() ? usual : chosen;
    }

    private static void list(List<Benchmark> benchmarks, Console console) {
        TextTable table = new TextTable("name", "what it measures");
        benchmarks.forEach(benchmark -> table.row(benchmark.word(), benchmark.summary()));
        table.lines().forEach(console::print);
        console.printJson(Json.texts(benchmarks.stream().map(Benchmark::word).toList()));
    }

    private static Map<String, Figure> measure(Benchmark benchmark, int runs, Console console) {
        List<JsonElement> results = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            console.note(benchmark.word() + ", run " + run + " of " + runs);
            results.add(BenchmarkProcess.run(benchmark));
        }
        return Figure.of(results);
    }

    /** Prints the figures beside those of the baseline. */
    static ExitCode report(Baseline measured, Optional<Baseline> baseline, Console console) {
        TextTable table = baseline.isPresent()
                ? new TextTable("benchmark", "figure", "median", "runs apart", "baseline", "times as much")
                : new TextTable("benchmark", "figure", "median", "runs apart");
        List<String> worse = new ArrayList<>();
        measured.figures().forEach((benchmark, figures) -> figures.values().stream()
                .filter(Figure::isJudged)
                .forEach(figure -> {
                    Optional<Figure> before = baseline.flatMap(of -> of.figure(benchmark, figure.name()));
                    table.row(cells(benchmark, figure, before, baseline.isPresent()));
                    if (before.isPresent() && figure.isWorseThan(before.get())) {
                        worse.add(benchmark + " " + figure.name() + " ("
                                + number(before.get().median()) + ", now " + number(figure.median()) + ")");
                    }
                }));
        table.lines().forEach(console::print);
        JsonObject document = measured.toJson();
        baseline.ifPresent(of -> document.add("worse", Json.texts(worse)));
        console.printJson(document);
        if (!worse.isEmpty()) {
            console.complain(Counted.of(worse.size(), "figure")
                    + " worse than the baseline by more than runs are apart: " + String.join(", ", worse));
        }
        return worse.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static String[] cells(String benchmark, Figure figure, Optional<Figure> before, boolean compared) {
        List<String> cells = new ArrayList<>(
                List.of(benchmark, figure.name(), number(figure.median()), "%.0f %%".formatted(100 * figure.noise())));
        if (compared) {
            cells.add(before.map(old -> number(old.median())).orElse("–"));
            cells.add(before.map(old -> number(figure.median() / old.median())).orElse("–"));
        }
        return cells.toArray(String[]::new);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
