package io.squisher.examples.reproduce.text.unit;

import java.util.Locale;

/** Time that is there, and how what was expected compares with what was needed. */
final class Budget {
    private static final double NANO = 1e-9;
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;

    private final long start = System.nanoTime();
    private final double limit;
    private double expected;
    private double needed;

    /**
     * @param limit seconds; infinite for as long as it takes
     */
    Budget(double limit) {
        this.limit = limit;
    }

    /** Seconds since the start. */
    double elapsed() {
        return (System.nanoTime() - start) * NANO;
    }

    /** Counts work that is done. */
    void count(double seconds, double real) {
        expected += seconds;
        needed += real;
    }

    /** What expected seconds are after the experience so far. */
    double corrected(double seconds) {
        return expected > 0 ? seconds * needed / expected : seconds;
    }

    /** Whether there is time for so much more. */
    boolean hasTimeFor(double seconds) {
        return elapsed() + corrected(seconds) <= limit;
    }

    /** A duration in words. */
    static String words(double seconds) {
        if (seconds < 2 * MINUTE) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        return seconds < 2 * HOUR
                ? String.format(Locale.ROOT, "%.0f min", seconds / MINUTE)
                : String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
    }
}
