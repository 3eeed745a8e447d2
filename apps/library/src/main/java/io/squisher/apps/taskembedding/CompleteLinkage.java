package io.squisher.apps.taskembedding;

import java.util.ArrayList;
import java.util.List;

/** Hierarchical clustering with complete linkage, for the order in which tasks stand in a heat map. */
public final class CompleteLinkage {
    private CompleteLinkage() {}

    /**
     * An order of the tasks in which clusters stand together: again and again the two clusters whose farthest members are
     * nearest are joined.
     *
     * @param distances symmetric, or it is made so by taking the mean
     * @return a permutation of 0 … n − 1
     */
    public static List<Integer> order(double[][] distances) {
        List<List<Integer>> clusters = new ArrayList<>();
        for (int i = 0; i < distances.length; i++) {
            clusters.add(new ArrayList<>(List.of(i)));
        }
        while (clusters.size() > 1) {
            int first = 0;
            int second = 1;
            double nearest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < clusters.size(); i++) {
                for (int j = i + 1; j < clusters.size(); j++) {
                    double distance = farthest(distances, clusters.get(i), clusters.get(j));
                    if (distance < nearest) {
                        nearest = distance;
                        first = i;
                        second = j;
                    }
                }
            }
            clusters.get(first).addAll(clusters.remove(second));
        }
        return clusters.isEmpty() ? List.of() : clusters.get(0);
    }

    private static double farthest(double[][] distances, List<Integer> a, List<Integer> b) {
        double farthest = 0;
        for (int i : a) {
            for (int j : b) {
                farthest = Math.max(farthest, (distances[i][j] + distances[j][i]) / 2);
            }
        }
        return farthest;
    }
}
