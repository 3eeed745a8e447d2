package io.squisher.apps.compare;

import io.squisher.proto.SamplingError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How far apart two estimates of a tensor are, and how far their sampling errors let one expect. For independent estimates A and B
 * of one tensor the expected squared distance is the sum of the variances:
 *
 * <pre>{@code
 * E |A − B|² = (e_A |A|)² + (e_B |B|)²
 * }</pre>
 *
 * with the relative standard errors e that stand in the files. An estimate whose file says none counts as exact. Estimates from the same
 * examples share their errors, so that they should be closer than that.
 *
 * @param distance {@code |A − B| / |A|}
 * @param expected its root mean square, by the formula
 */
public record SamplingDifference(double distance, double expected) {
    /** Beyond so many times the expected distance, sampling is a poor explanation: for one normal number, 1 case in 20. */
    public static final double LIMIT = 2;

    /**
     * For all tensors of a comparison whose error is known.
     *
     * @param a the errors of A; of no tensor where A does not say them
     * @param b the errors of B
     */
    public static Map<String, SamplingDifference> of(Comparison comparison, SamplingError a, SamplingError b) {
        Map<String, SamplingDifference> differences = new LinkedHashMap<>();
        comparison.tensors().forEach((name, agreement) -> {
            OptionalDouble ofA = error(a, name);
            OptionalDouble ofB = error(b, name);
            if (Double.isFinite(agreement.distance()) && (ofA.isPresent() || ofB.isPresent())) {
                double expected = Math.hypot(ofA.orElse(0), ofB.orElse(0) * agreement.normRatio());
                differences.put(name, new SamplingDifference(agreement.distance(), expected));
            }
        });
        return differences;
    }

    private static OptionalDouble error(SamplingError errors, String name) {
        return errors.containsRelative(name)
                ? OptionalDouble.of(errors.getRelativeOrThrow(name))
                : OptionalDouble.empty();
    }

    /** How many times the expected distance it is; 0 where both are 0. */
    public double ratio() {
        return distance == 0 ? 0 : distance / expected;
    }

    /** Whether sampling explains it. */
    public boolean isWithin() {
        return ratio() <= LIMIT;
    }
}
