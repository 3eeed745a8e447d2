package io.squisher.examples.reproduce.text.unit;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** How far the units are, which is next, and how long it will take; for several threads. */
final class Course {
    private final List<Unit> units;
    private final Pace pace;
    private final Budget budget;
    private final int workers;
    private double left;
    private int started;
    private int ended;
    private boolean over;

    /**
     * @param units that are to be run, in this order
     * @param workers that run them at the same time
     */
    Course(List<Unit> units, Pace pace, Budget budget, int workers) {
        this.units = units;
        this.pace = pace;
        this.budget = budget;
        this.workers = workers;
        units.forEach(unit -> left += pace.seconds(unit.work()));
    }

    /** How long all that has not ended will take, in words. */
    synchronized String left() {
        return Budget.words(budget.corrected(left) / workers);
    }

    /** The place of the next unit; −1 if there is none, or no time for it. */
    synchronized int next(Consumer<String> teller) {
        if (started == units.size()) {
            return -1;
        }
        Unit unit = units.get(started);
        if (!budget.hasTimeFor(pace.seconds(unit.work()))) {
            if (!over) {
                over = true;
                teller.accept("the time is over; the same command goes on with '" + unit.title() + "'");
            }
            return -1;
        }
        return started++;
    }

    /** Counts a unit as ended; its seconds are empty where it failed. */
    synchronized void done(Unit unit, OptionalDouble seconds, Consumer<String> teller) {
        double expected = pace.seconds(unit.work());
        seconds.ifPresent(real -> budget.count(expected, real));
        left -= expected;
        ended++;
        teller.accept(String.format(
                Locale.ROOT,
                "%s: %s (%d of %d, %s, about %s left)",
                unit.title(),
                seconds.isPresent() ? Budget.words(seconds.getAsDouble()) : "failed",
                ended,
                units.size(),
                Budget.words(budget.elapsed()),
                left()));
    }

    /** How many were never started. */
    synchronized int missing() {
        return units.size() - started;
    }
}
