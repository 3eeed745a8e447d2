package io.squisher.examples.report;

import io.squisher.examples.statistics.Sample;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One of several charts in a picture: a line with error bars for each method, or where there is no axis a point for each.
 *
 * @param axis what is to the right; empty where there is one number for each method
 * @param lines by method and place the numbers of all seeds
 */
public record PanelChart(String title, String unit, String axis, Map<String, Map<Double, Sample>> lines) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 470;
    private static final double WIDE = 20;

    /** What is in every chart has one colour in all. */
    private static final Map<String, Color> SHARED =
            Map.of("Fisher", Charts.BLUE, "exact Fisher", Charts.PURPLE, "Squisher", Charts.ORANGE);

    private static final List<Color> OTHERS = List.of(
            Charts.GREY,
            Color.BLACK,
            Charts.GREEN,
            new Color(213, 94, 0),
            new Color(86, 180, 233),
            new Color(153, 102, 51),
            new Color(190, 190, 0),
            new Color(120, 0, 60),
            new Color(0, 0, 160),
            new Color(90, 130, 60));

    /** Draws charts in rows of {@code columns}, as a PNG file's bytes. */
    public static byte[] draw(List<PanelChart> panels, int columns) {
        int rows = (panels.size() + columns - 1) / columns;
        BufferedImage image = new BufferedImage(WIDTH * columns, HEIGHT * rows, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int i = 0; i < panels.size(); i++) {
            Graphics2D cell = (Graphics2D) graphics.create(i % columns * WIDTH, i / columns * HEIGHT, WIDTH, HEIGHT);
            panels.get(i).chart().paint(cell, WIDTH, HEIGHT);
            cell.dispose();
        }
        graphics.dispose();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(axis)
                .yAxisTitle(unit)
                .build();
        Charts.style(chart.getStyler());
        chart.getStyler().setMarkerSize(9).setLegendPosition(LegendPosition.OutsideE);
        if (axis.isEmpty()) {
            chart.getStyler().setXAxisTicksVisible(false).setXAxisMin(0.0).setXAxisMax(lines.size() + 1.0);
        } else {
            chart.getStyler().setXAxisLogarithmic(isWide());
        }
        int number = 0;
        for (Map.Entry<String, Map<Double, Sample>> line : lines.entrySet()) {
            add(chart, line.getKey(), line.getValue(), number++);
        }
        return chart;
    }

    /** Whether the places span so much that most would lie on one another. */
    private boolean isWide() {
        DoubleSummaryStatistics places = lines.values().stream()
                .flatMap(line -> line.keySet().stream())
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        return places.getMin() > 0 && places.getMax() >= WIDE * places.getMin();
    }

    private void add(XYChart chart, String method, Map<Double, Sample> line, int number) {
        List<Double> places = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        line.forEach((x, sample) -> {
            places.add(axis.isEmpty() ? number + 1.0 : x);
            means.add(sample.mean());
            errors.add(Double.isNaN(sample.standardError()) ? 0 : sample.standardError());
        });
        XYSeries series = chart.addSeries(method, places, means, errors);
        Color colour = SHARED.getOrDefault(method, OTHERS.get(number % OTHERS.size()));
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour).setLineColor(colour);
    }
}
