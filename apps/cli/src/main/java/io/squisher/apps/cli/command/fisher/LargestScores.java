package io.squisher.apps.cli.command.fisher;

import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.data.Examples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/** The examples with the largest scores, and the mean, as scores come. */
final class LargestScores {
    /** The smallest first; of equal ones the later. */
    private static final Comparator<Score> ORDER = Comparator.comparingDouble(Score::value)
            .thenComparing(Comparator.comparingLong(Score::row).reversed());

    private final int most;
    private final Examples examples;
    private final PriorityQueue<Score> largest = new PriorityQueue<>(ORDER);
    private double sum;
    private long count;

    private record Score(long row, double value) {}

    LargestScores(int most, Examples examples) {
        this.most = most;
        this.examples = examples;
    }

    void add(long from, double... scores) {
        for (int i = 0; i < scores.length; i++) {
            sum += scores[i];
            largest.add(new Score(from + i, scores[i]));
            if (largest.size() > most) {
                largest.remove();
            }
        }
        count += scores.length;
    }

    /** In a few words, once there are scores. */
    String summary() {
        return count == 0 ? "" : String.format(Locale.ROOT, ", mean %.6g", sum / count);
    }

    /** The table, and the fields of the document. */
    void addTo(Report report) {
        List<Score> sorted = new ArrayList<>(largest);
        sorted.sort(ORDER.reversed());
        TextTable table = new TextTable("example", "row", "score");
        JsonArray rows = new JsonArray();
        for (Score score : sorted) {
            long number = examples.numbers(score.row(), 1)[0];
            table.row(
                    Long.toString(number),
                    Long.toString(score.row()),
                    String.format(Locale.ROOT, "%.6g", score.value()));
            JsonObject one = new JsonObject();
            one.addProperty("example", number);
            one.addProperty("row", score.row());
            one.add("score", Json.number(score.value()));
            rows.add(one);
        }
        report.details(table.lines()).field("mean", Json.number(sum / count)).field("largest", rows);
    }
}
