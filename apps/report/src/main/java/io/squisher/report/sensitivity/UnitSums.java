package io.squisher.report.sensitivity;

import io.squisher.tensor.Shape;
import io.squisher.units.UnitGroup;
import io.squisher.units.UnitSlice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sums of sensitivities for each unit of each group, gathered as the parameters' elements come. */
final class UnitSums {
    private final Map<UnitGroup, double[]> sums = new LinkedHashMap<>();

    /** A slice while its parameter is read. */
    private record Open(long stride, long length, int span, double[] sums) {
        void add(long start, double[] values, int count) {
            for (int i = 0; i < count; i++) {
                sums[(int) ((start + i) / stride % length) / span] += values[i];
            }
        }
    }

    UnitSums(List<UnitGroup> groups) {
        groups.forEach(group -> sums.put(group, new double[group.count()]));
    }

    private List<Open> open = List.of();

    /** Begins with another parameter. */
    void open(String parameter, Shape shape) {
        open = new ArrayList<>();
        sums.forEach((group, unitSums) -> {
            for (UnitSlice slice : group.own()) {
                if (slice.parameter().equals(parameter)
                        && slice.axis() < shape.rank()
                        && shape.dim(slice.axis()) % group.count() == 0) {
                    open.add(new Open(
                            slice.stride(shape), shape.dim(slice.axis()), slice.span(shape, group.count()), unitSums));
                }
            }
        });
    }

    void add(long start, double[] values, int count) {
        open.forEach(slice -> slice.add(start, values, count));
    }

    /** Whether the parameter that is open belongs to units. */
    boolean isKnown() {
        return !open.isEmpty();
    }

    List<UnitRanking> rankings() {
        List<UnitRanking> rankings = new ArrayList<>();
        sums.forEach((group, unitSums) -> {
            String kind =
                    switch (group.kind()) {
                        case FILTERS -> "filter";
                        case NEURONS -> "neuron";
                        case HEADS -> "head";
                    };
            rankings.add(UnitRanking.of(group.name(), kind, unitSums));
        });
        return rankings;
    }
}
