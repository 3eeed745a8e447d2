package io.squisher.apps.merge;

import io.squisher.apps.plan.Problems;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Spherical linear interpolation of two models, each tensor a vector (Shoemake 1985, "Animating rotation with quaternion
 * curves"): θ = sin((1 − t) Ω) / sin Ω · θ_1 + sin(t Ω) / sin Ω · θ_2, where Ω is the angle between θ_1 and θ_2, and
 * t = λ_2 / (λ_1 + λ_2).
 *
 * <p>Where the vectors are parallel, opposite or 0, there is no one arc: the weighted average, which is the formula's limit
 * for parallel ones. Fishers are not used.
 */
public final class SlerpMethod implements MergeMethod {
    /** Below this sine the quotients are the weights to 13 digits, or rounding chooses the arc. */
    private static final double SMALLEST_SINE = 1e-6;

    @Override
    public String name() {
        return "slerp";
    }

    @Override
    public Map<String, String> variant() {
        return Map.of();
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        if (models.size() != 2) {
            problems.add("slerp is between two models, got " + models.size()
                    + "; merge more with average, task-arithmetic, ties or dare");
        }
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        return new Prepared(
                name -> merge(models, name),
                List.of(),
                models.stream().map(model -> "not used").toList());
    }

    private static Tensor merge(List<MergeInput> models, String name) {
        Tensor first = models.get(0).weights().tensor(name);
        Tensor second = models.get(1).weights().tensor(name);
        double[] shares = AverageMethod.shares(models, name);
        Supplier<double[]> coefficients = new Deferred<>(() -> coefficients(first, second, shares));
        return new ComputedTensor(TensorSpec.of(first), List.of(first, second), (start, count, inputs, output) -> {
            double[] factors = coefficients.get();
            for (int i = 0; i < count; i++) {
                output[i] = factors[0] * inputs[0][i] + factors[1] * inputs[1][i];
            }
        });
    }

    /** What the two vectors are multiplied by. */
    private static double[] coefficients(Tensor first, Tensor second, double... shares) {
        if (shares[0] == 0 || shares[1] == 0) {
            return shares;
        }
        double angle = angle(first, second);
        double sine = Math.sin(angle);
        // Not a number, where a vector is 0, fails the comparison too.
        return sine > SMALLEST_SINE
                ? new double[] {Math.sin(shares[0] * angle) / sine, Math.sin(shares[1] * angle) / sine}
                : shares;
    }

    private static double angle(Tensor first, Tensor second) {
        ChunkReader reader = ChunkReader.upTo(first.size());
        int size = (int) Math.max(1, Math.min(first.size(), ChunkReader.DEFAULT_ELEMENTS));
        double[] a = new double[size];
        double[] b = new double[size];
        double product = 0;
        double firstSquares = 0;
        double secondSquares = 0;
        int count;
        for (long start = 0; (count = reader.read(first, start, a)) > 0; start += count) {
            reader.read(second, start, b);
            for (int i = 0; i < count; i++) {
                product += a[i] * b[i];
                firstSquares += a[i] * a[i];
                secondSquares += b[i] * b[i];
            }
        }
        double cosine = product / Math.sqrt(firstSquares) / Math.sqrt(secondSquares);
        return Math.acos(Math.max(-1, Math.min(1, cosine)));
    }
}
