package io.squisher.report.sensitivity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The units of a layer by their sensitivity.
 *
 * @param layer the layer, or the group of units
 * @param kind what a unit is, in one word: filter, neuron, head or row
 * @param count how many there are
 * @param sum of all
 * @param largest the most sensitive first, at most {@link #MOST}
 * @param least the least sensitive first, at most {@link #FEW}; none where all are among the largest
 */
public record UnitRanking(String layer, String kind, int count, double sum, List<Unit> largest, List<Unit> least) {
    /** As many are named. */
    public static final int MOST = 20;

    static final int FEW = 5;

    /** A unit by its number, from 0 on, and the sum of the sensitivities of its own parameters. */
    public record Unit(int index, double sum) {}

    static UnitRanking of(String layer, String kind, double... sums) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, sums.length).boxed().toList());
        order.sort(Comparator.comparingDouble((Integer i) -> -sums[i]).thenComparing(i -> i));
        List<Unit> largest = units(order.subList(0, Math.min(MOST, order.size())), sums);
        List<Integer> rest = new ArrayList<>(order.subList(largest.size(), order.size()));
        java.util.Collections.reverse(rest);
        double sum = 0;
        for (double value : sums) {
            sum += value;
        }
        return new UnitRanking(
                layer, kind, sums.length, sum, largest, units(rest.subList(0, Math.min(FEW, rest.size())), sums));
    }

    private static List<Unit> units(List<Integer> indices, double... sums) {
        return indices.stream().map(i -> new Unit(i, sums[i])).toList();
    }
}
