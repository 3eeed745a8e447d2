package io.squisher.examples.report;

import io.squisher.examples.statistics.Sample;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;

/** One bar for each method: the mean over the seeds, with the standard error. */
public final class BarChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 460;

    private BarChart() {}

    /**
     * Draws it.
     *
     * @param unit what the height is, with its unit
     * @param bars by name, in order
     */
    public static byte[] draw(String title, String unit, Map<String, Sample> bars) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(unit)
                .build();
        Charts.style(chart.getStyler());
        chart.getStyler().setLabelsVisible(false).setAvailableSpaceFill(0.6).setLegendVisible(false);
        chart.getStyler().setYAxisMin(0.0).setErrorBarsColor(Color.BLACK);
        List<Double> means = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        bars.values().forEach(sample -> {
            means.add(sample.mean());
            double error = sample.standardError();
            errors.add(Double.isNaN(error) ? 0 : error);
        });
        CategorySeries series = chart.addSeries("mean", List.copyOf(bars.keySet()), means, errors);
        series.setFillColor(Charts.BLUE);
        return Charts.png(chart);
    }
}
