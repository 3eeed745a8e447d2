package io.squisher.apps.cli.command.fisher;

import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.evaluation.Confusion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How good a classifier is at each class, and which classes it takes for which. */
record ClassTable(Confusion confusion, Optional<ClassNames> names) {
    /** Of more classes a table on the screen shows nothing; the JSON document has them all. */
    private static final int MOST_ROWS = 100;

    private static final int MOST_COLUMNS = 20;

    /** The tables for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "macro F1 %.4g", confusion.macroF1()));
        if (confusion.classes() > MOST_ROWS) {
            lines.add(confusion.classes() + " classes; --json has each of them");
            return lines;
        }
        TextTable table = new TextTable("class", "labels", "answers", "accuracy", "precision", "recall", "f1");
        for (int i = 0; i < confusion.classes(); i++) {
            table.row(
                    name(i),
                    Long.toString(confusion.labels(i)),
                    Long.toString(confusion.answers(i)),
                    share(confusion.accuracy(i)),
                    share(confusion.precision(i)),
                    share(confusion.recall(i)),
                    share(confusion.f1(i)));
        }
        lines.addAll(table.lines());
        if (confusion.classes() <= MOST_COLUMNS) {
            lines.add("label, and how often each class was the answer:");
            lines.addAll(answers().lines());
        }
        return lines;
    }

    private TextTable answers() {
        String[] headings = new String[confusion.classes() + 1];
        headings[0] = "label";
        for (int i = 0; i < confusion.classes(); i++) {
            headings[i + 1] = name(i);
        }
        TextTable table = new TextTable(headings);
        for (int label = 0; label < confusion.classes(); label++) {
            String[] cells = new String[headings.length];
            cells[0] = name(label);
            for (int answer = 0; answer < confusion.classes(); answer++) {
                cells[answer + 1] = Long.toString(confusion.count(label, answer));
            }
            table.row(cells);
        }
        return table;
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private String name(int number) {
        return names.filter(known -> number < known.count())
                .map(known -> known.names().get(number))
                .orElse(Integer.toString(number));
    }

    /** The same for programs. */
    void addTo(JsonObject document) {
        document.add("macro_f1", Json.number(confusion.macroF1()));
        JsonArray classes = new JsonArray();
        JsonArray counts = new JsonArray();
        for (int label = 0; label < confusion.classes(); label++) {
            JsonObject row = new JsonObject();
            row.addProperty("class", name(label));
            row.addProperty("labels", confusion.labels(label));
            row.addProperty("answers", confusion.answers(label));
            row.add("accuracy", Json.number(confusion.accuracy(label)));
            row.add("precision", Json.number(confusion.precision(label)));
            row.add("recall", Json.number(confusion.recall(label)));
            row.add("f1", Json.number(confusion.f1(label)));
            classes.add(row);
            JsonArray answers = new JsonArray();
            for (int answer = 0; answer < confusion.classes(); answer++) {
                answers.add(confusion.count(label, answer));
            }
            counts.add(answers);
        }
        document.add("classes", classes);
        document.add("confusion", counts);
    }
}
