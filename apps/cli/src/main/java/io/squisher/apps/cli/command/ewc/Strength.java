package io.squisher.apps.cli.command.ewc;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.ewc.LambdaConvention;
import java.util.Optional;

/**
 * How strong an EWC penalty is.
 *
 * @param lambda in our convention
 * @param given what the user said, in words; empty where nothing
 * @param examples N, 0 where unknown
 * @param batch B, 0 where unknown
 */
record Strength(double lambda, Optional<String> given, long examples, long batch) {
    /** The names of {@link LambdaConvention}s. */
    static final Domain<LambdaConvention> CONVENTIONS = Domain.oneOf(LambdaConvention.all().stream()
                    .map(LambdaConvention::toString)
                    .toList())
            .map(LambdaConvention::parse);

    static Strength of(Values values) {
        Optional<Double> number = values.number("lambda");
        Optional<String> name = values.text("lambda-convention");
        if (number.isEmpty() && name.isPresent()) {
            throw values.wrong("--lambda-convention goes with --lambda");
        }
        long examples = values.wholeNumber("examples").orElse(0L);
        long batch = values.wholeNumber("batch-size").orElse(0L);
        LambdaConvention convention =
                values.valid(() -> name.map(LambdaConvention::parse).orElse(LambdaConvention.OURS));
        if (!convention.isKnown(examples, batch)) {
            throw values.wrong("--lambda-convention " + convention + " needs "
                    + (convention.fisher() == LambdaConvention.FisherUnit.SUM ? "--examples" : "--batch-size"));
        }
        return new Strength(
                convention.toOurs(number.orElse(1.0), examples, batch),
                number.map(lambda -> "lambda " + lambda + " (" + convention + ")"),
                examples,
                batch);
    }
}
