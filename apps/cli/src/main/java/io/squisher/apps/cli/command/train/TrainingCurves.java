package io.squisher.apps.cli.command.train;

import io.squisher.files.AtomicFile;
import io.squisher.onnx.training.EpochReport;
import io.squisher.onnx.training.EpochReport.Score;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.YAxisPosition;

/** Draws loss and metric by epoch: the loss on the left axis, the metric on the right one. */
final class TrainingCurves {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;
    private static final int MOST_MARKS = 20;

    private TrainingCurves() {}

    /** Writes the picture atomically, as PNG. */
    static void write(Path file, TrainingHistory history, String title) {
        XYChart chart = new XYChartBuilder()
                .title(title)
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle("epoch")
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler()
                .setXAxisDecimalPattern("0.#")
                .setMarkerSize(history.epochs().size() > MOST_MARKS ? 0 : 6);
        chart.getStyler().setYAxisGroupPosition(1, YAxisPosition.Right);
        chart.setYAxisGroupTitle(0, "loss");
        chart.setYAxisGroupTitle(1, history.metric());
        draw(chart, "loss", 0, history, Score::loss);
        draw(chart, history.metric(), 1, history, Score::metric);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            BitmapEncoder.saveBitmap(chart, bytes, BitmapFormat.PNG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicFile.write(file, bytes.toByteArray());
    }

    private static void draw(
            XYChart chart, String name, int axis, TrainingHistory history, ToDoubleFunction<Score> value) {
        List<Double> epochs = new ArrayList<>();
        List<Double> training = new ArrayList<>();
        List<Double> validation = new ArrayList<>();
        for (EpochReport epoch : history.epochs()) {
            epochs.add((double) epoch.epoch());
            training.add(value.applyAsDouble(epoch.training()));
            epoch.validation().ifPresent(score -> validation.add(value.applyAsDouble(score)));
        }
        chart.addSeries(name + ", training", epochs, training).setYAxisGroup(axis);
        if (validation.size() == epochs.size()) {
            chart.addSeries(name + ", validation", epochs, validation).setYAxisGroup(axis);
        }
    }
}
