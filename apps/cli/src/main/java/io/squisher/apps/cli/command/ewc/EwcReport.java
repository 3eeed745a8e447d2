package io.squisher.apps.cli.command.ewc;

import io.squisher.Counted;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.ewc.EwcPenalty;
import io.squisher.apps.ewc.LambdaConvention;
import io.squisher.apps.ewc.PenaltyEffect;
import io.squisher.internal.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a consolidated penalty does, in words and as JSON; its strength in other conventions as well. */
record EwcReport(PenaltyEffect effect, Strength strength) {
    Report report() {
        EwcPenalty.Extent extent = effect.extent();
        double lambda = strength.lambda();
        List<String> lines = new ArrayList<>(List.of("effective penalty lambda/2 sum F (theta - theta*)^2 with lambda "
                + number(lambda) + ": curvature lambda F up to " + number(lambda * extent.largest()) + ", mean "
                + number(lambda * extent.mean())));
        JsonObject penalties = new JsonObject();
        effect.values().forEach((file, value) -> {
            penalties.add(file, Json.number(value));
            lines.add("penalty at " + file + ": " + number(value));
        });
        if (effect.constant() > 0) {
            lines.add("Of these, " + number(effect.constant())
                    + " is the same everywhere: what the tasks' own penalties add up to at their common centre.");
        }
        JsonObject conventions = conventions(lines);
        return Report.of(Counted.of(extent.coordinates(), "coordinate") + (extent.coordinates() == 1 ? " is" : " are")
                        + " held; F sums to " + number(extent.sum()) + ", mean " + number(extent.mean()) + ", largest "
                        + number(extent.largest()))
                .details(lines)
                .field("coordinates", extent.coordinates())
                .field("trace", Json.number(extent.sum()))
                .field("largest", Json.number(extent.largest()))
                .field("lambda_half_mean", Json.number(lambda))
                .field("largest_curvature", Json.number(lambda * extent.largest()))
                .field("penalties", penalties)
                .field("penalty_constant", Json.number(effect.constant()))
                .field("lambda", conventions);
    }

    private JsonObject conventions(List<String> lines) {
        TextTable table = new TextTable("penalty", "F is", "lambda");
        JsonObject json = new JsonObject();
        for (LambdaConvention convention : LambdaConvention.all()) {
            if (convention.isKnown(strength.examples(), strength.batch())) {
                double converted = convention.fromOurs(strength.lambda(), strength.examples(), strength.batch());
                table.row(
                        convention.half() ? "lambda/2 sum F d^2" : "lambda sum F d^2",
                        Values.spellConstant(convention.fisher()),
                        number(converted));
                json.addProperty(convention.toString(), converted);
            }
        }
        if (strength.given().isPresent()) {
            lines.add("The same penalty in other conventions:");
            lines.addAll(table.lines());
        }
        return json;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
