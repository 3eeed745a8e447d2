package io.squisher.examples.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Pairs of positive numbers on two equal logarithmic axes, with the line where both are equal. The chart library's own
 * logarithmic axes label every decade, which is unreadable over as many as a Fisher spans: here it draws the logarithms.
 */
public final class LogScatter {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 680;
    private static final int TICK_DISTANCE = 90;
    private static final List<Color> COLOURS = List.of(Charts.BLUE, Charts.ORANGE, Charts.GREEN, Charts.PURPLE);

    /** Decades below the largest number that are drawn. */
    private static final int DECADES = 14;

    /** Common logarithms of points of one colour. */
    private record Points(double[] x, double[] y) {}

    private final String xTitle;
    private final String yTitle;
    private final Map<String, Points> series = new LinkedHashMap<>();
    private int all;

    public LogScatter(String xTitle, String yTitle) {
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    /** Adds pairs of one colour; those in which a number is 0 have no place on logarithmic axes. */
    public LogScatter add(String name, double[] x, double[] y) {
        all += x.length;
        int[] positive =
                IntStream.range(0, x.length).filter(i -> x[i] > 0 && y[i] > 0).toArray();
        series.put(name, new Points(logarithms(x, positive), logarithms(y, positive)));
        return this;
    }

    private static double[] logarithms(double[] values, int... chosen) {
        return Arrays.stream(chosen).mapToDouble(i -> Math.log10(values[i])).toArray();
    }

    /** Draws the points; the title says how many of them are shown. */
    public byte[] draw(String title) {
        double high = Math.ceil(series.values().stream()
                .flatMapToDouble(points -> DoubleStream.concat(Arrays.stream(points.x()), Arrays.stream(points.y())))
                .max()
                .orElse(0));
        double low = high - DECADES;
        int shown = series.values().stream()
                .mapToInt(points -> inside(points, low).length)
                .sum();
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title + ": " + shown + " of " + all + ", the others are 0 or below " + power(low))
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        styleAxes(chart.getStyler(), low, high);
        XYSeries equal = chart.addSeries("equal", new double[] {low, high}, new double[] {low, high});
        equal.setMarker(SeriesMarkers.NONE).setLineColor(Color.BLACK).setLineStyle(new BasicStroke(1.5f));
        int colour = 0;
        for (Map.Entry<String, Points> entry : series.entrySet()) {
            Points points = entry.getValue();
            int[] inside = inside(points, low);
            if (inside.length > 0) {
                XYSeries drawn = chart.addSeries(
                        entry.getKey(),
                        Arrays.stream(inside).mapToDouble(i -> points.x()[i]).toArray(),
                        Arrays.stream(inside).mapToDouble(i -> points.y()[i]).toArray());
                drawn.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                        .setMarker(SeriesMarkers.CIRCLE)
                        .setMarkerColor(COLOURS.get(colour % COLOURS.size()));
            }
            colour++;
        }
        return Charts.png(chart);
    }

    private static void styleAxes(XYStyler styler, double low, double high) {
        Charts.style(styler);
        styler.setMarkerSize(4);
        styler.setXAxisMin(low).setXAxisMax(high).setYAxisMin(low).setYAxisMax(high);
        styler.setXAxisTickMarkSpacingHint(TICK_DISTANCE).setYAxisTickMarkSpacingHint(TICK_DISTANCE);
        styler.setxAxisTickLabelsFormattingFunction(LogScatter::power);
        styler.setyAxisTickLabelsFormattingFunction(LogScatter::power);
    }

    private static int[] inside(Points points, double low) {
        return IntStream.range(0, points.x().length)
                .filter(i -> points.x()[i] >= low && points.y()[i] >= low)
                .toArray();
    }

    /** 10 to a power, in superscript digits. */
    private static String power(double exponent) {
        StringBuilder text = new StringBuilder("10");
        for (char digit : Long.toString(Math.round(exponent)).toCharArray()) {
            text.append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
        }
        return text.toString();
    }
}
