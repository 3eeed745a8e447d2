package io.squisher.examples.reproduce.running;

import io.squisher.examples.reproduce.setting.Seeds;
import io.squisher.examples.reproduce.setting.Setting;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** How long the runs of a plan will take, from what each took elsewhere and from what was finished so far. */
final class Estimate {
    /** So many runs go side by side. */
    static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private static final double NANO = 1e-9;
    private static final double SECONDS = 60;

    private final long start = System.nanoTime();
    private final int all;
    private final int there;
    private final double reference;
    private int finished;
    private double finishedReference;

    /** Whether a run's result is there already. */
    @FunctionalInterface
    interface Found {
        boolean test(Setting setting, long seed);
    }

    Estimate(List<Planned> plan, Found found) {
        int missing = 0;
        int present = 0;
        double seconds = 0;
        for (Planned planned : plan) {
            Setting setting = planned.setting();
            if (setting.hasChoice()) {
                boolean done = found.test(setting, Seeds.CHOICE);
                present += done ? 1 : 0;
                missing += done ? 0 : 1;
                seconds += done ? 0 : setting.referenceChoiceSeconds();
            }
            int done = (int) LongStream.rangeClosed(1, planned.seeds())
                    .filter(seed -> found.test(setting, seed))
                    .count();
            present += done;
            missing += planned.seeds() - done;
            seconds += (planned.seeds() - done) * setting.referenceSeconds();
        }
        there = present;
        all = missing;
        reference = seconds;
    }

    /** What is to come, before the first run. */
    String announcement() {
        return String.format(
                Locale.ROOT,
                "%d runs%s; about %s on %d idle cores like those it was measured on",
                all,
                there == 0 ? "" : ", and " + there + " that are there already",
                duration(reference / PROCESSORS),
                PROCESSORS);
    }

    /** Counts a run as finished; returns where the whole stands. */
    synchronized String finished(String what, double runReference) {
        finished++;
        finishedReference += runReference;
        double elapsed = (System.nanoTime() - start) * NANO;
        double left = elapsed * (reference - finishedReference) / finishedReference;
        return String.format(
                Locale.ROOT,
                "%s (%d of %d, %s, about %s left)",
                what,
                finished,
                all,
                duration(elapsed),
                duration(left));
    }

    private static String duration(double seconds) {
        return seconds < 2 * SECONDS
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.0f min", seconds / SECONDS);
    }
}
