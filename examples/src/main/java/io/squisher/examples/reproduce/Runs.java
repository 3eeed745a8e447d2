package io.squisher.examples.reproduce;

import io.squisher.apps.cli.Console;
import io.squisher.examples.reproduce.RunResult.Outcome;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Runs settings with seeds, as many at once as there are processors; what is on disk already is not run again. */
final class Runs {
    /** The seed that hyperparameters are chosen with; never reported. */
    static final long CHOICE_SEED = 1001;

    private static final double NANO = 1e-9;

    private final ImageSource source;
    private final Path folder;
    private final RunStore store;
    private final Console console;
    private final long start = System.nanoTime();
    private int finished;
    private int all;

    Runs(ImageSource source, Path folder, Console console) {
        this.source = source;
        this.folder = folder;
        this.console = console;
        store = new RunStore(folder.resolve("runs"));
    }

    /** Everything that a setting gave: its choice of hyperparameters, if it made one, and a result for each seed. */
    record SettingResults(Setting setting, List<RunResult> choice, List<RunResult> seeds) {}

    /** Runs all; the longest first. */
    List<SettingResults> run(List<Setting> settings, int seeds) {
        all = (int) settings.stream().filter(Setting::hasChoice).count() + settings.size() * seeds;
        ExecutorService executor =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), Runs::daemon);
        try {
            Map<Setting, CompletableFuture<List<RunResult>>> choices = new LinkedHashMap<>();
            Map<Setting, List<CompletableFuture<RunResult>>> results = new LinkedHashMap<>();
            List<Setting> longestFirst = settings.stream()
                    .sorted(Comparator.comparingDouble(Setting::referenceSeconds)
                            .reversed())
                    .toList();
            for (Setting setting : longestFirst) {
                choices.put(
                        setting,
                        setting.hasChoice()
                                ? CompletableFuture.supplyAsync(() -> List.of(choose(setting)), executor)
                                : CompletableFuture.completedFuture(List.of()));
            }
            for (Setting setting : longestFirst) {
                results.put(
                        setting,
                        LongStream.rangeClosed(1, seeds)
                                .mapToObj(seed -> choices.get(setting)
                                        .thenApplyAsync(choice -> run(setting, seed, chosen(choice)), executor))
                                .toList());
            }
            List<SettingResults> finishedSettings = new ArrayList<>();
            for (Setting setting : settings) {
                finishedSettings.add(new SettingResults(
                        setting,
                        choices.get(setting).join(),
                        results.get(setting).stream()
                                .map(CompletableFuture::join)
                                .toList()));
            }
            return finishedSettings;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } finally {
            executor.shutdownNow();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "run");
        thread.setDaemon(true);
        return thread;
    }

    private static Map<String, Double> chosen(List<RunResult> choice) {
        return choice.isEmpty() ? Map.of() : choice.get(0).outcome().chosen();
    }

    private RunResult choose(Setting setting) {
        String name = setting.name() + "-choice";
        String fingerprint = Fingerprint.of(setting, source, Map.of());
        return store.find(name, CHOICE_SEED, fingerprint)
                .map(this::found)
                .orElseGet(() -> measured(name, CHOICE_SEED, fingerprint, runFolder -> setting.choose(
                                new Run(CHOICE_SEED, runFolder, source, Map.of()))
                        .orElseThrow()));
    }

    private RunResult run(Setting setting, long seed, Map<String, Double> chosen) {
        String fingerprint = Fingerprint.of(setting, source, chosen);
        return store.find(setting.name(), seed, fingerprint)
                .map(this::found)
                .orElseGet(() -> measured(
                        setting.name(),
                        seed,
                        fingerprint,
                        runFolder -> setting.run(new Run(seed, runFolder, source, chosen))));
    }

    private interface Work {
        Outcome in(Path runFolder);
    }

    private RunResult measured(String name, long seed, String fingerprint, Work work) {
        Path models = RunStore.created(folder.resolve("models").resolve(name + "-seed-" + seed));
        long began = System.nanoTime();
        Outcome outcome = work.in(models);
        RunResult result = new RunResult(name, seed, fingerprint, outcome, (System.nanoTime() - began) * NANO);
        delete(models);
        store.save(result);
        progress(String.format(Locale.ROOT, "%s, seed %d: %.1f s", name, seed, result.seconds()));
        return result;
    }

    private RunResult found(RunResult result) {
        progress(result.setting() + ", seed " + result.seed() + ": was there already");
        return result;
    }

    private synchronized void progress(String what) {
        finished++;
        double minutes = (System.nanoTime() - start) * NANO / 60;
        console.note(String.format(Locale.ROOT, "%s (%d of %d, %.1f min)", what, finished, all, minutes));
    }

    /** A run's models are only needed while it runs, and would fill a disk. */
    private static void delete(Path models) {
        try (Stream<Path> files = Files.walk(models)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw FormatException.unwritable(models, e);
        }
    }
}
