package io.squisher.apps.cli.command.embed;

import io.squisher.apps.taskembedding.CompleteLinkage;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.files.AtomicFile;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;

/** Draws distances between tasks as a heat map in which clusters stand together. */
final class HeatMap {
    private static final int CELL = 70;
    private static final int MARGIN = 300;
    private static final int LARGEST = 4000;

    /** With more tasks the numbers in the cells could not be read. */
    private static final int MOST_NUMBERS = 20;

    private static final int LEGEND_DIGITS = 3;

    private HeatMap() {}

    /** Writes the picture atomically; as SVG if the name ends so, else as PNG. */
    static void write(Path path, TaskDistances distances, String title) {
        List<Integer> order = CompleteLinkage.order(distances.matrix());
        List<String> labels = order.stream().map(distances.labels()::get).toList();
        List<Number[]> cells = new ArrayList<>();
        for (int row = 0; row < order.size(); row++) {
            for (int column = 0; column < order.size(); column++) {
                // The vertical axis grows upwards, the table of tasks downwards.
                int from = order.get(order.size() - 1 - row);
                // A task's distance to itself says nothing, and would take an end of the scale.
                if (from != order.get(column)) {
                    cells.add(new Number[] {column, row, distances.matrix()[from][order.get(column)]});
                }
            }
        }
        List<String> upwards = new ArrayList<>(labels);
        java.util.Collections.reverse(upwards);
        HeatMapChart chart = chart(order.size(), title);
        DoubleSummaryStatistics range =
                cells.stream().mapToDouble(cell -> cell[2].doubleValue()).summaryStatistics();
        // The legend prints its ends in full.
        double low = rounded(range.getMin(), RoundingMode.FLOOR);
        double high = rounded(range.getMax(), RoundingMode.CEILING);
        chart.getStyler().setMin(low).setMax(high);
        if (isSvg(path)) {
            // The library writes the legend's numbers as pictures that browsers do not show.
            chart.getStyler().setLegendVisible(false);
            chart.setTitle(title + ", blue " + low + " to white " + high);
        }
        chart.addSeries("distance", labels, upwards, cells);
        AtomicFile.write(path, encoded(path, chart));
    }

    private static double rounded(double value, RoundingMode mode) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value)
                        .round(new MathContext(LEGEND_DIGITS, mode))
                        .doubleValue()
                : value;
    }

    private static HeatMapChart chart(int size, String title) {
        int side = Math.min(LARGEST, MARGIN + CELL * size);
        HeatMapChart chart = new HeatMapChartBuilder()
                .title(title)
                .width(side + MARGIN / 2)
                .height(side)
                .xAxisTitle("to")
                .yAxisTitle("from")
                .build();
        chart.getStyler().setShowValue(size <= MOST_NUMBERS).setHeatMapValueDecimalPattern("0.###");
        chart.getStyler().setRangeColors(new Color[] {new Color(0x4292c6), new Color(0xc6dbef), Color.WHITE});
        chart.getStyler().setXAxisLabelRotation(45);
        chart.getStyler().setPlotContentSize(1);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        return chart;
    }

    private static boolean isSvg(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
    }

    private static byte[] encoded(Path path, HeatMapChart chart) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (isSvg(path)) {
                VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
            } else {
                BitmapEncoder.saveBitmap(chart, bytes, BitmapFormat.PNG);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
