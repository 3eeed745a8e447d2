package io.squisher.apps.quantization.number;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Weighted k-means on a line, exactly: Σ f (w − c(w))² is least over all choices of k centres. In one dimension a cluster is a
 * run of the sorted values, so dynamic programming finds it (Wang and Song 2011); the best start of the last run moves to the
 * right only, so each of the k steps costs n log n (Grønlund et al. 2017).
 */
final class WeightedClusters {
    private final double[] values;
    /** Sums over the first i values, relative to the first value so that little cancels: of f, f·w and f·w². */
    private final double[] mass;

    private final double[] moment;
    private final double[] square;

    private WeightedClusters(double[] values, double[] weights) {
        this.values = values;
        int n = values.length;
        mass = new double[n + 1];
        moment = new double[n + 1];
        square = new double[n + 1];
        double origin = values[n / 2];
        for (int i = 0; i < n; i++) {
            double value = values[i] - origin;
            mass[i + 1] = mass[i] + weights[i];
            moment[i + 1] = moment[i] + weights[i] * value;
            square[i + 1] = square[i] + weights[i] * value * value;
        }
    }

    /**
     * The centres, in ascending order; fewer than {@code most} if there are fewer different values.
     *
     * @param values in any order, at least one
     * @param weights of the values, not negative; if all are 0, all values count alike
     */
    static double[] centres(double[] values, double[] weights, int most) {
        double heaviest = Arrays.stream(weights).max().orElse(0);
        int[] order = IntStream.range(0, values.length)
                .filter(i -> heaviest == 0 || weights[i] > 0)
                .boxed()
                .sorted((a, b) -> Double.compare(values[a], values[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] distinct = new double[order.length];
        double[] masses = new double[order.length];
        int count = 0;
        for (int i : order) {
            double weight = heaviest == 0 ? 1 : weights[i] / heaviest;
            if (count > 0 && distinct[count - 1] == values[i]) {
                masses[count - 1] += weight;
            } else {
                distinct[count] = values[i];
                masses[count++] = weight;
            }
        }
        double[] sorted = Arrays.copyOf(distinct, count);
        return count <= most ? sorted : new WeightedClusters(sorted, Arrays.copyOf(masses, count)).best(most);
    }

    private double[] best(int k) {
        int n = values.length;
        double[] before = new double[n];
        for (int j = 0; j < n; j++) {
            before[j] = cost(0, j);
        }
        int[][] starts = new int[k][n];
        for (int clusters = 1; clusters < k; clusters++) {
            double[] now = new double[n];
            // With as many clusters as values each has its own, at no cost.
            for (int j = 0; j < clusters; j++) {
                starts[clusters][j] = j;
            }
            fill(
                    new Level(clusters, before, now, starts[clusters]),
                    new Range(clusters, n - 1),
                    new Range(clusters, n - 1));
            before = now;
        }
        double[] centres = new double[k];
        int end = n - 1;
        for (int cluster = k - 1; cluster >= 0; cluster--) {
            int start = cluster == 0 ? 0 : starts[cluster][end];
            centres[cluster] = centre(start, end);
            end = start - 1;
        }
        return centres;
    }

    private record Range(int from, int to) {}

    /** The costs with one cluster less, and those that are being found, with where the last cluster starts. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Level(int clusters, double[] before, double[] now, int[] starts) {}

    /** Finds the costs of all ends in {@code ends}, whose best starts are in {@code starts}: the middle one first. */
    private void fill(Level level, Range ends, Range starts) {
        if (ends.from > ends.to) {
            return;
        }
        int end = ends.from + ends.to >>> 1;
        double least = Double.POSITIVE_INFINITY;
        int best = starts.from;
        for (int start = starts.from; start <= Math.min(end, starts.to); start++) {
            double cost = level.before[start - 1] + cost(start, end);
            if (cost < least) {
                least = cost;
                best = start;
            }
        }
        level.now[end] = least;
        level.starts[end] = best;
        fill(level, new Range(ends.from, end - 1), new Range(starts.from, best));
        fill(level, new Range(end + 1, ends.to), new Range(best, starts.to));
    }

    private double cost(int from, int to) {
        double m = mass[to + 1] - mass[from];
        double first = moment[to + 1] - moment[from];
        double second = square[to + 1] - square[from];
        return Math.max(0, second - first * first / m);
    }

    private double centre(int from, int to) {
        double m = mass[to + 1] - mass[from];
        double centre = values[values.length / 2] + (moment[to + 1] - moment[from]) / m;
        return Math.max(values[from], Math.min(values[to], centre));
    }
}
