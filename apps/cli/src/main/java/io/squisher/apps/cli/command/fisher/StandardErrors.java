package io.squisher.apps.cli.command.fisher;

import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.internal.gson.JsonObject;
import io.squisher.proto.SamplingError;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How well the tensors of a Fisher are known.
 *
 * @param examples which it is a mean of
 * @param error empty where it is not known
 */
record StandardErrors(long examples, Optional<SamplingError> error) {
    static StandardErrors of(FisherDiagonal diagonal) {
        return new StandardErrors(
                diagonal.provenance().getExampleCount(),
                diagonal.provenance().hasSamplingError()
                        ? Optional.of(diagonal.provenance().getSamplingError())
                        : Optional.empty());
    }

    /** The tensor that is known worst. */
    private Optional<Map.Entry<String, Double>> worst() {
        return error.flatMap(known -> known.getRelativeMap().entrySet().stream().max(Map.Entry.comparingByValue()));
    }

    /** Adds a line, and a field with the errors of all tensors. */
    void addTo(Report report) {
        worst().ifPresent(worst -> {
            report.details(List.of(String.format(
                    Locale.ROOT,
                    "relative standard error: at most %s ('%s'), from %d pieces of the data",
                    text(worst.getValue()),
                    worst.getKey(),
                    error.orElseThrow().getPieces())));
            JsonObject tensors = new JsonObject();
            error.orElseThrow().getRelativeMap().forEach((name, value) -> tensors.add(name, Json.number(value)));
            report.field("standard_error", Json.number(worst.getValue()));
            report.field("standard_errors", tensors);
        });
    }

    private static String text(double share) {
        return String.format(Locale.ROOT, "%.2g %%", 100 * share);
    }

    /** What to say where all examples did not bring the error below a bound: how many would, as it falls with their root. */
    Optional<String> shortOf(double bound) {
        if (error.isEmpty()) {
            return Optional.of("there are too few examples to say how well the Fisher is known");
        }
        return worst().filter(worst -> worst.getValue() >= bound)
                .map(worst -> String.format(
                        Locale.ROOT,
                        "all %d examples leave '%s' with a relative standard error of %s; about %s would bring it to %s",
                        examples,
                        worst.getKey(),
                        text(worst.getValue()),
                        BigDecimal.valueOf(examples * Math.pow(worst.getValue() / bound, 2))
                                .round(new MathContext(2))
                                .toPlainString(),
                        text(bound)));
    }
}
