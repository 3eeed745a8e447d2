package io.squisher.examples.reproduce.running;

import io.squisher.apps.cli.output.Console;
import io.squisher.examples.files.Folders;
import io.squisher.examples.reproduce.setting.ImageSource;
import io.squisher.examples.reproduce.setting.Notes;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.Seeds;
import io.squisher.examples.reproduce.setting.Setting;
import io.squisher.files.Daemons;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Runs settings with seeds, as many at once as there are processors; what is on disk already is not run again. */
public final class Runs {
    private static final double NANO = 1e-9;

    private final ImageSource source;
    private final Path folder;
    private final RunStore store;
    private final Console console;
    private Estimate estimate;

    public Runs(ImageSource source, Path folder, Console console) {
        this.source = source;
        this.folder = folder;
        this.console = console;
        store = new RunStore(folder.resolve("runs"));
    }

    /** Everything that a setting gave: its choice of hyperparameters, if it made one, and a result for each seed. */
    public record SettingResults(Setting setting, List<RunResult> choice, List<RunResult> seeds) {}

    /** Runs all; the longest first. */
    public List<SettingResults> run(List<Planned> plan) {
        estimate = new Estimate(plan, this::isFound);
        console.note(estimate.announcement());
        ExecutorService executor = Daemons.pool("run", Estimate.PROCESSORS);
        try {
            Map<Planned, CompletableFuture<List<RunResult>>> choices = new LinkedHashMap<>();
            Map<Planned, List<CompletableFuture<RunResult>>> results = new LinkedHashMap<>();
            List<Planned> longestFirst = plan.stream()
                    .sorted(Comparator.comparingDouble(
                                    (Planned planned) -> planned.setting().referenceSeconds())
                            .reversed())
                    .toList();
            for (Planned planned : longestFirst) {
                Setting setting = planned.setting();
                choices.put(
                        planned,
                        setting.hasChoice()
                                ? CompletableFuture.supplyAsync(() -> List.of(choose(setting)), executor)
                                : CompletableFuture.completedFuture(List.of()));
            }
            for (Planned planned : longestFirst) {
                results.put(planned, seeds(planned, choices.get(planned), executor));
            }
            return plan.stream()
                    .map(planned -> new SettingResults(
                            planned.setting(),
                            choices.get(planned).join(),
                            results.get(planned).stream()
                                    .map(CompletableFuture::join)
                                    .toList()))
                    .toList();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } finally {
            executor.shutdownNow();
        }
    }

    private List<CompletableFuture<RunResult>> seeds(
            Planned planned, CompletableFuture<List<RunResult>> choice, ExecutorService executor) {
        return LongStream.rangeClosed(1, planned.seeds())
                .mapToObj(seed -> choice.thenApplyAsync(made -> run(planned.setting(), seed, chosen(made)), executor))
                .toList();
    }

    /** Whether a run, or with seed {@link Seeds#CHOICE} a choice, is on disk. */
    private boolean isFound(Setting setting, long seed) {
        Optional<RunResult> choice =
                store.find(choiceName(setting), Seeds.CHOICE, Fingerprint.of(setting, source, Map.of()));
        if (seed == Seeds.CHOICE) {
            return choice.isPresent();
        }
        if (setting.hasChoice() && choice.isEmpty()) {
            return false;
        }
        Map<String, Double> chosen = chosen(choice.stream().toList());
        return store.find(setting.name(), seed, Fingerprint.of(setting, source, chosen))
                .isPresent();
    }

    private static String choiceName(Setting setting) {
        return setting.name() + "-choice";
    }

    private static Map<String, Double> chosen(List<RunResult> choice) {
        return choice.isEmpty() ? Map.of() : choice.get(0).outcome().chosen();
    }

    private RunResult choose(Setting setting) {
        String fingerprint = Fingerprint.of(setting, source, Map.of());
        String name = choiceName(setting);
        return store.find(name, Seeds.CHOICE, fingerprint)
                .orElseGet(() -> measured(
                        new Work(name, Seeds.CHOICE, fingerprint, setting.referenceChoiceSeconds()),
                        Map.of(),
                        run -> setting.choose(run).orElseThrow()));
    }

    private RunResult run(Setting setting, long seed, Map<String, Double> chosen) {
        String fingerprint = Fingerprint.of(setting, source, chosen);
        return store.find(setting.name(), seed, fingerprint)
                .orElseGet(() -> measured(
                        new Work(setting.name(), seed, fingerprint, setting.referenceSeconds()), chosen, setting::run));
    }

    private record Work(String name, long seed, String fingerprint, double reference) {
        String stem() {
            return name + "-seed-" + seed;
        }
    }

    private RunResult measured(Work work, Map<String, Double> chosen, Function<Run, Outcome> measurement) {
        Path models = Folders.created(folder.resolve("models").resolve(work.stem()));
        Path unfinished = Folders.created(folder.resolve("unfinished"));
        Notes notes = new Notes(unfinished.resolve(work.stem() + "-" + work.fingerprint() + ".json"));
        long began = System.nanoTime();
        Outcome outcome = measurement.apply(new Run(work.seed(), models, source, chosen, notes));
        RunResult result = new RunResult(
                work.name(), work.seed(), work.fingerprint(), outcome, (System.nanoTime() - began) * NANO);
        // They are only needed while it runs, and would fill a disk.
        Folders.delete(models);
        store.save(result);
        notes.delete();
        console.note(estimate.finished(
                String.format(Locale.ROOT, "%s, seed %d: %.1f s", work.name(), work.seed(), result.seconds()),
                work.reference()));
        return result;
    }
}
