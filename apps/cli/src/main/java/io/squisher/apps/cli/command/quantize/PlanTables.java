package io.squisher.apps.cli.command.quantize;

import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.quantization.Assignment;
import io.squisher.apps.quantization.CandidateLoss;
import io.squisher.apps.quantization.PrecisionPlan;
import io.squisher.apps.quantization.TensorLosses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A precision plan for people: the format of each tensor, and what the methods would have chosen. */
final class PlanTables {
    private PlanTables() {}

    static List<String> of(PrecisionPlan plan) {
        TextTable tensors = new TextTable("tensor", "shape", "format", "bits a weight", "expected rise");
        for (TensorLosses tensor : plan.tensors()) {
            CandidateLoss chosen = plan.chosen().chosen().get(tensor.name());
            tensors.row(
                    tensor.name(),
                    tensor.spec().shape().toString().replace(" ", ""),
                    chosen.candidate().name(),
                    number(
                            "%.4f",
                            (double) chosen.bits() / tensor.spec().shape().size()),
                    number("%.4g", chosen.loss()));
        }
        TextTable methods = new TextTable("method", "bits a weight", "expected rise", "squared error", "formats");
        plan.assignments()
                .forEach((method, assignment) -> methods.row(
                        method.name().toLowerCase(Locale.ROOT),
                        number("%.4f", plan.bitsPerWeight(assignment)),
                        number("%.4g", assignment.loss()),
                        number("%.4g", assignment.error()),
                        formats(assignment)));
        List<String> lines = new ArrayList<>(tensors.lines());
        lines.add("");
        lines.addAll(methods.lines());
        return lines;
    }

    private static String formats(Assignment assignment) {
        return assignment.formats().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
