package io.squisher.examples.reproduce.text.unit;

import io.squisher.Counted;
import io.squisher.examples.files.Folders;
import io.squisher.examples.reproduce.setting.Notes;
import io.squisher.files.Daemons;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Runs the units whose results are missing, several at the same time. */
public final class UnitRuns {
    private final Path folder;
    private final UnitStore store;
    private final Function<Unit, String> fingerprint;
    private final Consumer<String> teller;
    private final List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());

    /**
     * @param folder for results and what is in the works
     * @param fingerprint what a unit depends on but its seed; a unit is run again where it changed
     * @param teller told how it goes
     */
    public UnitRuns(Path folder, Function<Unit, String> fingerprint, Consumer<String> teller) {
        this.folder = folder;
        this.store = results(folder);
        this.fingerprint = fingerprint;
        this.teller = teller;
    }

    /** Where the results of a folder are. */
    public static UnitStore results(Path folder) {
        return new UnitStore(folder.resolve("runs"));
    }

    /** The units whose results are missing, in the same order. */
    public List<Unit> missing(List<Unit> units) {
        return units.stream().filter(this::isMissing).toList();
    }

    private boolean isMissing(Unit unit) {
        return store.find(unit, fingerprint.apply(unit)).isEmpty();
    }

    /**
     * Runs what is missing, as far as the time goes.
     *
     * @param workers the units, once for each that works at the same time: what a worker's units share is no other's
     * @param meter measures how fast this machine is, in a folder that is removed
     * @param hours after which no unit is started that would not end in time
     * @return how many units are still missing
     */
    public int run(List<List<Unit>> workers, Function<Path, Pace> meter, double hours) {
        List<Unit> units = workers.get(0);
        List<Integer> places = IntStream.range(0, units.size())
                .filter(place -> isMissing(units.get(place)))
                .boxed()
                .toList();
        List<List<Unit>> missing = workers.stream()
                .map(all -> places.stream().map(all::get).toList())
                .toList();
        Path trial = Folders.created(folder.resolve("scratch").resolve("pace"));
        Pace pace = meter.apply(trial);
        Folders.delete(trial);
        Course course = new Course(missing.get(0), pace, new Budget(3600 * hours), workers.size());
        int there = units.size() - places.size();
        teller.accept(String.format(
                Locale.ROOT,
                "%s to run%s%s: about %s; training takes %.0f ms a text here, a Fisher %.0f, an answer %.0f",
                Counted.of(places.size(), "unit"),
                there == 0 ? "" : ", and " + there + " that are there",
                workers.size() == 1 ? "" : ", " + workers.size() + " at the same time",
                course.left(),
                1000 * pace.trained(),
                1000 * pace.squared(),
                1000 * pace.scored()));
        ExecutorService executor = Daemons.pool("unit", workers.size());
        try {
            List<CompletableFuture<Void>> running = missing.stream()
                    .map(own -> CompletableFuture.runAsync(() -> run(own, course), executor))
                    .toList();
            running.forEach(CompletableFuture::join);
        } finally {
            executor.shutdownNow();
        }
        return course.missing() + failures.size();
    }

    /** Takes one unit after the other, each by its place among all. */
    private void run(List<Unit> units, Course course) {
        for (int next = course.next(teller); next >= 0; next = course.next(teller)) {
            course.done(units.get(next), tried(units.get(next)), teller);
        }
    }

    /** What ended a unit before its result, in the order in which they ended. */
    public List<RuntimeException> failures() {
        return List.copyOf(failures);
    }

    /** The seconds of a unit; empty where it failed, which is no reason not to run the others. */
    private OptionalDouble tried(Unit unit) {
        try {
            return OptionalDouble.of(measured(unit));
        } catch (RuntimeException e) {
            failures.add(e);
            return OptionalDouble.empty();
        }
    }

    private double measured(Unit unit) {
        String fingerprintOfUnit = fingerprint.apply(unit);
        Path scratch = folder.resolve("scratch").resolve(unit.stem());
        Folders.delete(scratch);
        Notes notes = new Notes(
                Folders.created(folder.resolve("unfinished")).resolve(unit.stem() + "-" + fingerprintOfUnit + ".json"));
        long began = System.nanoTime();
        List<TextPoint> points = unit.measurement().measure(new Unit.Place(Folders.created(scratch), notes));
        double seconds = (System.nanoTime() - began) * 1e-9;
        store.save(unit, new UnitResult(unit.setting(), unit.name(), unit.seed(), fingerprintOfUnit, seconds, points));
        notes.delete();
        Folders.delete(scratch);
        return seconds;
    }
}
