package io.squisher.examples.report;

import io.squisher.examples.statistics.Sample;
import io.squisher.report.Block;
import io.squisher.report.Figures;
import io.squisher.report.Figures.Caption;
import io.squisher.report.Figures.Estimate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What was measured in one part of a setting, as a page shows it: means with intervals.
 *
 * @param id names the figure on its page
 * @param name the part's
 * @param metric what the numbers are
 * @param methods in the order in which they are shown
 */
public record PartFigure(String id, String name, String metric, Set<String> methods) {
    private static final int DECIMALS = 2;

    /**
     * Method by method.
     *
     * @param sample a method's numbers, one a seed
     */
    public Block points(Function<String, Sample> sample) {
        Map<String, Estimate> means = new LinkedHashMap<>();
        methods.forEach(method -> means.put(method, Estimates.of(sample.apply(method), DECIMALS)));
        return Figures.points(caption(), metric, means);
    }

    /**
     * Along an axis.
     *
     * @param line a method's numbers by place
     */
    public Block lines(String axis, Function<String, Map<Double, Sample>> line) {
        Map<String, Map<Double, Estimate>> lines = new LinkedHashMap<>();
        for (String method : methods) {
            Map<Double, Estimate> estimates = new LinkedHashMap<>();
            line.apply(method).forEach((x, sample) -> estimates.put(x, Estimates.of(sample, DECIMALS)));
            lines.put(method, estimates);
        }
        return Figures.lines(caption(), axis, metric, PanelChart.isWide(lines.values()), lines);
    }

    private Caption caption() {
        return new Caption(id, name, name + ": " + metric, Estimates.INTERVAL);
    }
}
