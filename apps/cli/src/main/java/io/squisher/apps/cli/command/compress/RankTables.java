package io.squisher.apps.cli.command.compress;

import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.compress.CompressionPlan;
import io.squisher.apps.compress.LayerLosses;
import io.squisher.apps.compress.RankAssignment;
import io.squisher.apps.compress.RankLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A compression plan for people: the rank of each layer, and what the methods would have chosen. */
final class RankTables {
    private RankTables() {}

    static List<String> of(CompressionPlan plan) {
        TextTable layers =
                new TextTable("layer", "inputs", "outputs", "rank", "share", "expected rise", "squared error");
        for (LayerLosses layer : plan.layers()) {
            RankLoss chosen = plan.chosen().chosen().get(layer.name());
            layers.row(
                    layer.name(),
                    Integer.toString(layer.inputs()),
                    Integer.toString(layer.outputs()),
                    chosen.isWhole() ? "whole" : Integer.toString(chosen.rank()),
                    number("%.4f", (double) chosen.weights() / layer.weights()),
                    number(chosen.loss()),
                    number("%.4g", chosen.error()));
        }
        TextTable methods = new TextTable("method", "share", "expected rise", "squared error", "in two products");
        plan.assignments()
                .forEach((method, assignment) -> methods.row(
                        method.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        number("%.4f", (double) assignment.weights() / plan.weights()),
                        number(assignment.loss()),
                        number("%.4g", assignment.error()),
                        factorized(assignment)));
        List<String> lines = new ArrayList<>(layers.lines());
        lines.add("");
        lines.addAll(methods.lines());
        return lines;
    }

    private static String factorized(RankAssignment assignment) {
        return assignment.factorized() + " of " + assignment.chosen().size();
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? number("%.4g", value.getAsDouble()) : "";
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
