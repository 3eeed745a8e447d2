package io.squisher.apps.cli.command.laplace;

import io.squisher.apps.laplace.Calibration;
import io.squisher.files.AtomicFile;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Draws accuracy over confidence, a line for each way to predict; an honest one lies on the diagonal. */
final class ReliabilityPicture {
    private static final int SIDE = 700;

    private ReliabilityPicture() {}

    /** Writes the picture atomically; as SVG if the name ends so, else as PNG. */
    static void write(Path file, Map<String, Calibration> ways) {
        XYChart chart = new XYChartBuilder()
                .title("Reliability")
                .width(SIDE)
                .height(SIDE)
                .xAxisTitle("confidence")
                .yAxisTitle("accuracy")
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        chart.addSeries("honest", new double[] {0, 1}, new double[] {0, 1});
        ways.forEach((name, calibration) -> chart.addSeries(
                name,
                calibration.bins().stream()
                        .mapToDouble(Calibration.Bin::confidence)
                        .toArray(),
                calibration.bins().stream()
                        .mapToDouble(Calibration.Bin::accuracy)
                        .toArray()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (file.toString().endsWith(".svg")) {
                VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
            } else {
                BitmapEncoder.saveBitmap(chart, bytes, BitmapFormat.PNG);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicFile.write(file, bytes.toByteArray());
    }
}
