package io.squisher.examples.benchmarks;

import java.util.Arrays;

/** How long one thing took in each round of a benchmark, in seconds; rounds before 0 warm up and are not kept. */
final class Timings {
    private static final double NANO = 1e-9;

    private final double[] seconds;

    Timings(int rounds) {
        seconds = new double[rounds];
    }

    void time(int round, Runnable work) {
        long start = System.nanoTime();
        work.run();
        keep(round, (System.nanoTime() - start) * NANO);
    }

    void keep(int round, double time) {
        if (round >= 0) {
            seconds[round] = time;
        }
    }

    double median() {
        return median(seconds);
    }

    /** The median over the rounds of this time by the other's in the same round: what disturbs a round disturbs both. */
    double medianRatioTo(Timings other) {
        double[] ratios = new double[seconds.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = seconds[i] / other.seconds[i];
        }
        return median(ratios);
    }

    private static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
