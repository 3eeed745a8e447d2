package io.squisher.apps.cli.command.train;

import io.squisher.apps.cli.output.Json;
import io.squisher.files.AtomicFile;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.training.EpochReport;
import io.squisher.onnx.training.EpochReport.Score;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A training's epochs as a table for other programs.
 *
 * @param metric {@code accuracy} or {@code rmse}
 */
record TrainingHistory(List<EpochReport> epochs, String metric) {
    /** Writes comma-separated values with a line of headings; a score that there is none of is empty. */
    void write(Path file) {
        StringBuilder text = new StringBuilder("epoch,steps,training_loss,training_" + metric
                + ",validation_loss,validation_" + metric + ",seconds\n");
        for (EpochReport epoch : epochs) {
            text.append(epoch.epoch()).append(',').append(epoch.step()).append(',');
            text.append(cells(Optional.of(epoch.training()))).append(',');
            text.append(cells(epoch.validation())).append(',');
            text.append((float) epoch.seconds()).append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String cells(Optional<Score> score) {
        return score.map(given -> (float) given.loss() + "," + (float) given.metric())
                .orElse(",");
    }

    /** An object for each epoch. */
    JsonArray json() {
        JsonArray array = new JsonArray();
        for (EpochReport epoch : epochs) {
            JsonObject row = new JsonObject();
            row.addProperty("epoch", epoch.epoch());
            row.addProperty("steps", epoch.step());
            row.add("training_loss", Json.number(epoch.training().loss()));
            row.add("training_" + metric, Json.number(epoch.training().metric()));
            epoch.validation().ifPresent(score -> {
                row.add("validation_loss", Json.number(score.loss()));
                row.add("validation_" + metric, Json.number(score.metric()));
            });
            row.add("seconds", Json.number(epoch.seconds()));
            array.add(row);
        }
        return array;
    }
}
