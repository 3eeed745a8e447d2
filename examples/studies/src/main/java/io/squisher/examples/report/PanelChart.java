package io.squisher.examples.report;

import io.squisher.examples.statistics.Sample;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One of several charts in a picture: a line with error bars for each method, or where there is no axis a point for each.
 *
 * @param axis what is to the right; empty where there is one number for each method
 * @param lines by method and place the numbers of all seeds
 */
public record PanelChart(String title, String unit, String axis, Map<String, Map<Double, Sample>> lines) {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 470;
    /** An axis over more than this ratio is logarithmic. */
    private static final double WIDE = 20;

    /** Room for the methods' names beside each chart: the same beside all, so that charts in a row are as wide as each other. */
    private static final int NAMES = 230;

    /** What is in every chart has one colour in all, as on the page. */
    private static final Map<String, Color> SHARED = Map.of(
            "Fisher",
            Charts.BLUE,
            "exact Fisher",
            Charts.PURPLE,
            "Squisher",
            Charts.ORANGE,
            "Squisher of the data loss",
            new Color(213, 94, 0));

    private static final List<Color> OTHERS = List.of(
            Charts.GREY,
            Color.BLACK,
            Charts.GREEN,
            new Color(86, 180, 233),
            new Color(153, 102, 51),
            new Color(190, 190, 0),
            new Color(120, 0, 60),
            new Color(0, 0, 160),
            new Color(90, 130, 60));

    /** Draws charts in rows of {@code columns}, as a PNG file's bytes. */
    public static byte[] draw(List<PanelChart> panels, int columns) {
        int rows = (panels.size() + columns - 1) / columns;
        Map<String, Color> colours = colours(panels);
        BufferedImage image = new BufferedImage(WIDTH * columns, HEIGHT * rows, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int i = 0; i < panels.size(); i++) {
            Graphics2D cell = (Graphics2D) graphics.create(i % columns * WIDTH, i / columns * HEIGHT, WIDTH, HEIGHT);
            panels.get(i).chart(colours).paint(cell, WIDTH - NAMES, HEIGHT);
            panels.get(i).paintNames(cell, colours);
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

    /** One colour for a method in all charts. */
    private static Map<String, Color> colours(List<PanelChart> panels) {
        Map<String, Color> colours = new LinkedHashMap<>(SHARED);
        for (PanelChart panel : panels) {
            for (String method : panel.lines().keySet()) {
                colours.computeIfAbsent(method, name -> OTHERS.get((colours.size() - SHARED.size()) % OTHERS.size()));
            }
        }
        return colours;
    }

    private void paintNames(Graphics2D graphics, Map<String, Color> colours) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        int y = HEIGHT / 6;
        for (String method : lines.keySet()) {
            graphics.setColor(colours.get(method));
            graphics.fillOval(WIDTH - NAMES, y - 9, 10, 10);
            graphics.setColor(Color.BLACK);
            graphics.drawString(method, WIDTH - NAMES + 16, y);
            y += 24;
        }
    }

    private XYChart chart(Map<String, Color> colours) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH - NAMES)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(axis)
                .yAxisTitle(unit)
                .build();
        Charts.style(chart.getStyler());
        chart.getStyler().setMarkerSize(9).setLegendVisible(false);
        if (means().max().orElse(0) >= 1) {
            // Beside few points the axis is marked where they are, with all their digits.
            chart.getStyler().setYAxisDecimalPattern("0.##");
        }
        if (axis.isEmpty()) {
            chart.getStyler().setXAxisTicksVisible(false).setXAxisMin(0.0).setXAxisMax(lines.size() + 1.0);
        } else {
            chart.getStyler().setXAxisLogarithmic(isWide(lines.values()));
        }
        int number = 0;
        for (Map.Entry<String, Map<Double, Sample>> line : lines.entrySet()) {
            add(chart, line, number++, colours.get(line.getKey()));
        }
        return chart;
    }

    private DoubleStream means() {
        return lines.values().stream().flatMap(line -> line.values().stream()).mapToDouble(Sample::mean);
    }

    /** Whether the places span so much that most would lie on one another. */
    public static boolean isWide(Collection<? extends Map<Double, ?>> lines) {
        DoubleSummaryStatistics places = lines.stream()
                .flatMap(line -> line.keySet().stream())
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        return places.getMin() > 0 && places.getMax() >= WIDE * places.getMin();
    }

    private void add(XYChart chart, Map.Entry<String, Map<Double, Sample>> line, int number, Color colour) {
        List<Double> places = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        line.getValue().forEach((x, sample) -> {
            places.add(axis.isEmpty() ? number + 1.0 : x);
            means.add(sample.mean());
            errors.add(Double.isNaN(sample.standardError()) ? 0 : sample.standardError());
        });
        XYSeries series = chart.addSeries(line.getKey(), places, means, errors);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour).setLineColor(colour);
    }
}
