package io.squisher.apps.cli.command.compare;

import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.compare.Agreement;
import io.squisher.apps.compare.Comparison;
import io.squisher.internal.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The figures of {@code compare}, for people and as JSON.
 *
 * @param top the share of coordinates that count as the largest
 * @param errors whether relative errors are shown: they mean something against a reference only
 * @param squisherFirst whether A is a Squisher and B a Fisher, in whose ratio the Squisher is above the line all the same
 */
record ComparisonTable(Comparison comparison, double top, boolean errors, boolean squisherFirst) {
    /** Which is above the line: the ratio reads the same wherever the Squisher stands. */
    String ratio() {
        return squisherFirst ? "A/B" : "B/A";
    }

    private double ratio(Agreement agreement) {
        return squisherFirst ? 1 / agreement.scaleRatio() : agreement.scaleRatio();
    }

    void print(Console console) {
        List<String> headings = new ArrayList<>(List.of(
                "tensor",
                "elements",
                "rank corr.",
                "top " + String.format(Locale.ROOT, "%.3g%%", 100 * top),
                ratio(),
                "cosine"));
        if (errors) {
            headings.add("rel. error");
        }
        TextTable table = new TextTable(headings.toArray(String[]::new));
        comparison.tensors().forEach((name, agreement) -> row(table, name, agreement));
        row(table, "(all)", comparison.overall());
        table.lines().forEach(console::print);
        if (comparison.overall().ranked() < comparison.overall().elements()) {
            console.print(
                    "Rank figures of (all) rest on " + comparison.overall().ranked() + " evenly spread coordinates.");
        }
    }

    private void row(TextTable table, String name, Agreement agreement) {
        List<String> cells = new ArrayList<>(List.of(
                name,
                Long.toString(agreement.elements()),
                String.format(Locale.ROOT, "%.4f", agreement.spearman()),
                String.format(Locale.ROOT, "%.4f", agreement.topOverlap()),
                String.format(Locale.ROOT, "%.4g", ratio(agreement)),
                String.format(Locale.ROOT, "%.4f", agreement.cosine())));
        if (errors) {
            cells.add(String.format(Locale.ROOT, "%.2e", agreement.relativeError()));
        }
        table.row(cells.toArray(String[]::new));
    }

    JsonObject json() {
        JsonObject document = new JsonObject();
        document.addProperty("top_share", top);
        document.add("overall", json(comparison.overall()));
        JsonObject tensors = new JsonObject();
        comparison.tensors().forEach((name, agreement) -> tensors.add(name, json(agreement)));
        document.add("tensors", tensors);
        document.add("only_in_a", Json.texts(comparison.onlyInFirst()));
        document.add("only_in_b", Json.texts(comparison.onlyInSecond()));
        return document;
    }

    private JsonObject json(Agreement agreement) {
        JsonObject json = new JsonObject();
        json.addProperty("elements", agreement.elements());
        json.addProperty("ranked", agreement.ranked());
        json.add("spearman", Json.number(agreement.spearman()));
        json.add("top_overlap", Json.number(agreement.topOverlap()));
        json.add("scale_ratio", Json.number(ratio(agreement)));
        json.add("cosine", Json.number(agreement.cosine()));
        if (errors) {
            json.add("relative_error", Json.number(agreement.relativeError()));
        }
        return json;
    }
}
