package io.squisher.examples.reproduce.text.report;

import io.squisher.examples.reproduce.setting.Answer;
import io.squisher.examples.reproduce.setting.Seeds;
import io.squisher.examples.reproduce.text.study.TextPart;
import io.squisher.examples.reproduce.text.study.TextPart.Replicate;
import io.squisher.examples.reproduce.text.study.TextSetting;
import io.squisher.examples.reproduce.text.unit.TextPoint;
import io.squisher.examples.reproduce.text.unit.UnitResult;
import io.squisher.examples.statistics.Comparison;
import io.squisher.examples.statistics.PairedTest;
import io.squisher.examples.statistics.Sample;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A setting's numbers.
 *
 * @param results of its units alone
 */
public record TextSummary(TextSetting setting, List<UnitResult> results) {
    /** The results of a setting among those of all. */
    public static TextSummary of(TextSetting setting, List<UnitResult> all) {
        return new TextSummary(
                setting,
                all.stream()
                        .filter(result -> result.setting().equals(setting.name()))
                        .toList());
    }

    /** The parts of which something was measured. */
    public List<TextPart> parts() {
        return setting.parts().stream().filter(part -> !methods(part).isEmpty()).toList();
    }

    /** The methods of a part, in the order in which they were measured. */
    public Set<String> methods(TextPart part) {
        Set<String> methods = new LinkedHashSet<>();
        points(part).forEach(found -> methods.add(found.point().method()));
        return methods;
    }

    /** The places of a method on a part's axis. */
    public Set<Double> places(TextPart part, String method) {
        Set<Double> places = new TreeSet<>();
        points(part)
                .filter(found -> found.point().method().equals(method))
                .forEach(found -> places.add(found.point().x()));
        return places;
    }

    /** How many seeds there are, without that of choices. */
    public int seeds() {
        return (int) results.stream()
                .mapToLong(UnitResult::seed)
                .filter(seed -> seed != Seeds.CHOICE)
                .distinct()
                .count();
    }

    /** Seconds of all units. */
    public double seconds() {
        return results.stream().mapToDouble(UnitResult::seconds).sum();
    }

    private record Found(long seed, TextPoint point) {}

    private Stream<Found> points(TextPart part) {
        return results.stream().flatMap(result -> result.points().stream()
                .filter(point -> point.part().equals(part.name()))
                .map(point -> new Found(result.seed(), point)));
    }

    /** The mean of a method's numbers for each observation, by what names the observation. */
    private Map<String, Double> observations(TextPart part, String method, Predicate<TextPoint> counted) {
        Map<String, List<Double>> numbers = new TreeMap<>();
        points(part)
                .filter(found -> found.point().method().equals(method) && counted.test(found.point()))
                .forEach(found -> numbers.computeIfAbsent(
                                part.replicate() == Replicate.SEED
                                        ? "seed " + found.seed()
                                        : found.point().item(),
                                missing -> new ArrayList<>())
                        .add(found.point().value()));
        Map<String, Double> means = new TreeMap<>();
        numbers.forEach((name, values) -> means.put(
                name, values.stream().mapToDouble(Double::doubleValue).average().orElseThrow()));
        return means;
    }

    /** A method's numbers at a place, one an observation. */
    public Sample at(TextPart part, String method, double x) {
        return Sample.of(observations(part, method, point -> point.x() == x).values());
    }

    /** A method's numbers, averaged over the axis, one an observation. */
    public Sample mean(TextPart part, String method) {
        return Sample.of(observations(part, method, point -> true).values());
    }

    /** The difference of two methods over the observations that both have, averaged over the axis. */
    public PairedTest difference(TextPart part, String method, String other) {
        return paired(observations(part, method, point -> true), observations(part, other, point -> true));
    }

    /** The same at one place of the axis. */
    public PairedTest differenceAt(TextPart part, String method, String other, double x) {
        return paired(
                observations(part, method, point -> point.x() == x),
                observations(part, other, point -> point.x() == x));
    }

    private static PairedTest paired(Map<String, Double> first, Map<String, Double> second) {
        List<String> both = first.keySet().stream().filter(second::containsKey).toList();
        return PairedTest.of(
                Sample.of(both.stream().map(first::get).toList()),
                Sample.of(both.stream().map(second::get).toList()));
    }

    /** All comparisons: each method with its part's baseline, and the Squisher with the Fisher. */
    public List<Comparison<TextPart>> comparisons() {
        List<Comparison<TextPart>> all = new ArrayList<>();
        for (TextPart part : parts()) {
            if (part.isCompared()) {
                all.addAll(Answer.comparisons(
                        part, methods(part), part.baseline(), (method, other) -> difference(part, method, other)));
            }
        }
        return Comparison.corrected(all);
    }

    /** Means from one task to another; NaN where nothing was measured. */
    public double[][] matrix(TextPart part, List<String> tasks) {
        double[][] matrix = new double[tasks.size()][tasks.size()];
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix.length; column++) {
                String to = tasks.get(column);
                matrix[row][column] =
                        observations(part, tasks.get(row), point -> point.item().equals(to)).values().stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElse(Double.NaN);
            }
        }
        return matrix;
    }
}
