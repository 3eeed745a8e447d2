package io.squisher.report.sensitivity;

import io.squisher.tensor.Shape;
import java.util.Optional;

/**
 * What a pass keeps of one parameter.
 *
 * @param entries how its sensitivities are spread
 * @param lossRise how ½ F θ² is spread; empty where the weights are not known
 * @param map as a matrix; empty for vectors and scalars
 * @param kept what a mask keeps; empty where there is none
 * @param ratio to the other diagonal; empty where there is none
 */
public record LayerSensitivity(
        String name,
        Shape shape,
        LogHistogram entries,
        Optional<LogHistogram> lossRise,
        Optional<HeatMap> map,
        Optional<Kept> kept,
        Optional<Ratio> ratio) {
    /**
     * What a mask keeps.
     *
     * @param elements how many
     * @param sum of their sensitivities
     */
    public record Kept(long elements, double sum) {}

    /**
     * This diagonal over the other, coordinate by coordinate.
     *
     * @param quotients where both are above 0
     * @param onlyHere coordinates where the other is 0
     * @param onlyThere coordinates where this one is 0
     * @param neither coordinates where both are
     */
    public record Ratio(LogHistogram quotients, long onlyHere, long onlyThere, long neither) {
        /**
         * How much this model counts in a Fisher merge of two, averaged over the coordinates: the mean of
         * λF / (λF + (1−λ)F'), and λ where both are 0.
         *
         * @param lambda this model's weight, 0 to 1; the other's is what is left to 1
         */
        public double coefficient(double lambda) {
            if (lambda <= 0 || lambda >= 1) {
                return lambda <= 0 ? 0 : 1;
            }
            double[] sum = {onlyHere + neither * lambda};
            quotients.forEach((quotient, count, total) ->
                    sum[0] += count * (lambda * quotient / (lambda * quotient + 1 - lambda)));
            return sum[0] / (quotients.count() + onlyHere + onlyThere + neither);
        }
    }

    /** The sum of its sensitivities. */
    public double sum() {
        return entries.sum();
    }

    /** What it is by its shape, in one word: the shape is all that is known without the network. */
    public String form() {
        return switch (shape.rank()) {
            case 0 -> "scalar";
            case 1 -> "vector";
            case 2 -> "matrix";
            default -> "filters";
        };
    }
}
