package io.squisher.examples.reproduce.text.unit;

import io.squisher.Counted;
import io.squisher.examples.files.Folders;
import io.squisher.examples.reproduce.setting.Notes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs the units whose results are missing, one after the other: each uses all processors. */
public final class UnitRuns {
    private final Path folder;
    private final UnitStore store;
    private final Function<Unit, String> fingerprint;
    private final Consumer<String> teller;
    private final List<RuntimeException> failures = new ArrayList<>();

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
        return units.stream()
                .filter(unit -> store.find(unit, fingerprint.apply(unit)).isEmpty())
                .toList();
    }

    /**
     * Runs what is missing, as far as the time goes.
     *
     * @param meter measures how fast this machine is, in a folder that is removed
     * @param hours after which no unit is started that would not end in time
     * @return how many units are still missing
     */
    public int run(List<Unit> units, Function<Path, Pace> meter, double hours) {
        Budget budget = new Budget(3600 * hours);
        List<Unit> missing = missing(units);
        Path trial = Folders.created(folder.resolve("scratch").resolve("pace"));
        Pace pace = meter.apply(trial);
        Folders.delete(trial);
        double left = seconds(missing, pace);
        teller.accept(String.format(
                Locale.ROOT,
                "%s to run%s: about %s; training takes %.0f ms a text here, a Fisher %.0f, an answer %.0f",
                Counted.of(missing.size(), "unit"),
                missing.size() == units.size() ? "" : ", and " + (units.size() - missing.size()) + " that are there",
                Budget.words(left),
                1000 * pace.trained(),
                1000 * pace.squared(),
                1000 * pace.scored()));
        for (int i = 0; i < missing.size(); i++) {
            Unit unit = missing.get(i);
            double expected = pace.seconds(unit.work());
            if (!budget.hasTimeFor(expected)) {
                teller.accept("the time is over; the same command goes on with '" + unit.title() + "'");
                return missing.size() - i + failures.size();
            }
            OptionalDouble seconds = tried(unit);
            seconds.ifPresent(real -> budget.count(expected, real));
            left -= expected;
            teller.accept(String.format(
                    Locale.ROOT,
                    "%s: %s (%d of %d, %s, about %s left)",
                    unit.title(),
                    seconds.isPresent() ? Budget.words(seconds.getAsDouble()) : "failed",
                    i + 1,
                    missing.size(),
                    Budget.words(budget.elapsed()),
                    Budget.words(budget.corrected(left))));
        }
        return failures.size();
    }

    /** What ended a unit before its result, in the order of the units. */
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

    private static double seconds(List<Unit> units, Pace pace) {
        return units.stream().mapToDouble(unit -> pace.seconds(unit.work())).sum();
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
