package io.squisher.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.onnx.autodiff.rules.StandardRules;
import io.squisher.onnx.evaluator.CentralDifference;
import io.squisher.onnx.evaluator.CentralDifference.Estimate;
import io.squisher.onnx.evaluator.Value;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the engine's gradient, run by ONNX Runtime in float32, with central differences of the double-precision
 * evaluator, with respect to every floating-point input and initializer.
 *
 * <p>Small tensors are checked element by element, larger ones at {@value #SAMPLED} random elements and along {@value
 * #DIRECTIONS} random directions. At a kink the analytic gradient must lie between the slopes on both sides; where the
 * function jumps nothing can be compared.
 */
public final class GradientCheck {
    private static final int SAMPLED = 40;
    private static final int DIRECTIONS = 2;

    /** Models with more elements than this in a tensor are sampled less, evaluating them takes long. */
    private static final int LARGE = 5000;

    private static final int SAMPLED_OF_LARGE = 2;

    /** Of the sum of all elements' magnitudes; along a direction kinks of some elements are crossed unseen. */
    private static final double ALONG = 0.01;

    /** What float32 leaves of a sum, relative to the number or to a tenth of the tensor's largest. */
    private static final double TOLERANCE = 2e-3;

    private static final double OF_LARGEST = 0.1;
    private static final double ABSOLUTE = 1e-5;

    /** Beyond this the difference quotient is that of a jump. */
    private static final double JUMP = 1e3;

    private final CentralDifference numeric;
    private final long seed;
    private final List<String> differences = new ArrayList<>();
    private int compared;
    private int kinks;
    private int jumps;

    private GradientCheck(CentralDifference numeric, long seed) {
        this.numeric = numeric;
        this.seed = seed;
    }

    /**
     * What was seen.
     *
     * @param outputs the model's outputs by ONNX Runtime
     * @param compared elements and directions that were compared
     * @param kinks how many of them one-sided
     * @param jumps how many could not be compared
     * @param differences a line for each that differs: where, analytic, numeric, seed
     */
    public record Report(Map<String, Tensor> outputs, int compared, int kinks, int jumps, List<String> differences) {
        /** Fails with all differences, unless there are none. */
        public void assertPassed() {
            assertEquals("", String.join("\n", differences));
        }
    }

    /**
     * Checks a model whose shapes, axes and indices are stored in it (see {@link FrozenModel}).
     *
     * @param inputs values of the graph's inputs
     * @param seed of the cotangents at the outputs and of what is sampled
     */
    public static Report check(ModelProto model, Map<String, Value> inputs, long seed) {
        return check(model, inputs, StandardRules.all(), seed);
    }

    static Report check(ModelProto model, Map<String, Value> inputs, GradientRules rules, long seed) {
        CentralDifference numeric = CentralDifference.randomProjection(model, inputs, seed);
        GradientCheck check = new GradientCheck(numeric, seed);
        GradientGraph graph = new GradientGraph(model, inputs);
        GradientGraph.Result result = graph.run(rules, numeric.cotangents());
        boolean large = graph.sources().stream().anyMatch(source -> numeric.size(source) > LARGE);
        for (String source : graph.sources()) {
            Tensor gradient = result.gradients().get(source);
            check.compare(source, gradient == null ? null : gradient.toDoubles(), large);
        }
        return new Report(result.outputs(), check.compared, check.kinks, check.jumps, check.differences);
    }

    /** As {@link #check(ModelProto, Map, long)}, after storing the inputs that have no gradient in the model. */
    public static Report checkFrozen(ModelProto model, Map<String, Value> inputs, long seed) {
        FrozenModel frozen = FrozenModel.of(model, inputs);
        return check(frozen.model(), frozen.inputs(), seed);
    }

    private void compare(String source, double[] analytic, boolean large) {
        int size = numeric.size(source);
        double[] gradient = analytic == null ? new double[size] : analytic;
        if (gradient.length != size) {
            differences.add("gradient of '" + source + "' has " + gradient.length + " elements for " + size);
            return;
        }
        double largest = Arrays.stream(gradient).map(Math::abs).max().orElse(0);
        Random random = new Random(seed);
        int samples = large ? SAMPLED_OF_LARGE : SAMPLED;
        Set<Integer> elements = new TreeSet<>();
        for (int i = 0; i < Math.min(size, samples); i++) {
            elements.add(size <= samples ? i : random.nextInt(size));
        }
        for (int element : elements) {
            compare(source + "[" + element + "]", gradient[element], numeric.partial(source, element), largest);
        }
        for (int i = 0; i < DIRECTIONS && size > samples && !large; i++) {
            along(source + " along direction " + i, source, gradient, random);
        }
    }

    private void along(String what, String source, double[] gradient, Random random) {
        double[] direction = random.doubles(gradient.length, -1, 1).toArray();
        double along = 0;
        double scale = 0;
        for (int i = 0; i < gradient.length; i++) {
            along += direction[i] * gradient[i];
            scale += Math.abs(direction[i] * gradient[i]);
        }
        Estimate estimate = numeric.along(Map.of(source, direction));
        if (estimate.kink()) {
            jumps++;
        } else {
            compared++;
            if (Math.abs(along - estimate.central()) > ALONG * scale + ABSOLUTE) {
                differences.add(difference(what, along, estimate));
            }
        }
    }

    private void compare(String what, double analytic, Estimate estimate, double largest) {
        double allowed = TOLERANCE * Math.max(Math.abs(estimate.central()), OF_LARGEST * largest) + ABSOLUTE;
        boolean near = Math.abs(analytic - estimate.central()) <= allowed;
        if (near || !estimate.kink()) {
            compared++;
            if (!near) {
                differences.add(difference(what, analytic, estimate));
            }
            return;
        }
        double low = Math.min(estimate.left(), estimate.right());
        double high = Math.max(estimate.left(), estimate.right());
        if (!(Math.max(-low, high) < JUMP * (1 + largest))) {
            jumps++;
            return;
        }
        compared++;
        kinks++;
        double slack = TOLERANCE * Math.max(Math.max(Math.abs(low), Math.abs(high)), OF_LARGEST * largest) + ABSOLUTE;
        if (!(analytic >= low - slack && analytic <= high + slack)) {
            differences.add(what + ": analytic " + analytic + ", numeric slopes " + estimate.left() + " and "
                    + estimate.right() + " at a kink (seed " + seed + ")");
        }
    }

    private String difference(String what, double analytic, Estimate estimate) {
        return what + ": analytic " + analytic + ", numeric " + estimate.central() + " (seed " + seed + ")";
    }
}
