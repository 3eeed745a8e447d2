package io.squisher.apps.cli.command.compare;

import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.compare.Agreement;
import io.squisher.apps.compare.Comparison;
import io.squisher.apps.compare.SamplingDifference;
import io.squisher.internal.gson.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of {@code compare}, for people and as JSON.
 *
 * @param top the share of coordinates that count as the largest
 * @param errors whether relative errors are shown: they mean something against a reference only
 * @param sampling by tensor, what sampling lets one expect; of no tensor where no file says its error
 * @param squisherFirst whether A is a Squisher and B a Fisher, in whose ratio the Squisher is above the line all the same
 */
record ComparisonTable(
        Comparison comparison,
        double top,
        boolean errors,
        boolean squisherFirst,
        Map<String, SamplingDifference> sampling) {
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
        if (!sampling.isEmpty()) {
            headings.add("distance");
            headings.add("by sampling");
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
        if (!sampling.isEmpty()) {
            SamplingDifference difference = sampling.get(name);
            cells.add(String.format(Locale.ROOT, "%.3g", agreement.distance()));
            cells.add(difference == null ? "" : String.format(Locale.ROOT, "%.3g", difference.expected()));
        }
        table.row(cells.toArray(String[]::new));
    }

    /** Whether the differences are what sampling explains, in a line; empty where no file says its error. */
    Optional<String> samplingLine() {
        if (sampling.isEmpty()) {
            return Optional.empty();
        }
        List<Map.Entry<String, SamplingDifference>> outside = sampling.entrySet().stream()
                .filter(entry -> !entry.getValue().isWithin())
                .sorted(Comparator.comparingDouble(entry -> -entry.getValue().ratio()))
                .toList();
        return Optional.of(
                outside.isEmpty()
                        ? "The distance is within the sampling error in all " + sampling.size() + " tensors"
                        : String.format(
                                Locale.ROOT,
                                "The distance is outside the sampling error in %d of %d tensors; the most in '%s', %.3g"
                                        + " times what is expected",
                                outside.size(),
                                sampling.size(),
                                outside.get(0).getKey(),
                                outside.get(0).getValue().ratio()));
    }

    JsonObject json() {
        JsonObject document = new JsonObject();
        document.addProperty("top_share", top);
        document.add("overall", json(comparison.overall()));
        JsonObject tensors = new JsonObject();
        comparison.tensors().forEach((name, agreement) -> {
            JsonObject tensor = json(agreement);
            SamplingDifference difference = sampling.get(name);
            if (difference != null) {
                tensor.add("distance", Json.number(difference.distance()));
                tensor.add("expected_by_sampling", Json.number(difference.expected()));
                tensor.addProperty("within_sampling_error", difference.isWithin());
            }
            tensors.add(name, tensor);
        });
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
