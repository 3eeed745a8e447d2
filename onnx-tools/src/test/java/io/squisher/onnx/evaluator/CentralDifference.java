package io.squisher.onnx.evaluator;

import io.squisher.proto.onnx.ModelProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * Numerical gradients of the projection p = Σ_outputs ⟨cotangent, output⟩ of a model, with respect to a floating-point
 * input or initializer. The cotangents are what a reverse sweep starts from, so an analytic gradient seeded with them is
 * the same quantity.
 *
 * <p>The difference is the fourth-order one, (8 (p(h) - p(-h)) - (p(2h) - p(-2h))) / 12h with h = {@value #STEP} ·
 * max(1, min(10, |x|)): truncation and rounding are both about 1e-12 of the function's scale. One-sided slopes come from the same
 * four points, so that kinks show.
 */
public final class CentralDifference {
    /** ε^(1/5) for double precision balances rounding against the fourth-order truncation. */
    private static final double STEP = 7e-4;

    private static final double SHORTER = 0.05;

    /** Slopes on both sides further apart than this share of their size mean a kink or a jump. */
    private static final double KINK = 0.02;

    private final ReferenceEvaluator evaluator;
    private final Map<String, Value> point;
    private final Map<String, Value> cotangents;
    private Double here;

    /**
     * One derivative.
     *
     * @param central the central difference
     * @param left the slope below the point
     * @param right the slope above it
     */
    public record Estimate(double central, double left, double right) {
        /** Whether the function seems not to be differentiable within the steps: the central difference means nothing. */
        public boolean kink() {
            double scale = Math.max(Math.abs(left), Math.abs(right));
            double spread = Math.max(Math.abs(left - right), Math.abs(left - central));
            return !(spread <= KINK * scale + 1e-6);
        }
    }

    /**
     * @param inputs values of the graph's inputs, and of initializers that shall have other values than the file's
     * @param cotangents by output name; an output without one does not count
     */
    public CentralDifference(ModelProto model, Map<String, Value> inputs, Map<String, Value> cotangents) {
        this.evaluator = new ReferenceEvaluator(model);
        this.point = evaluator.values(inputs);
        this.cotangents = Map.copyOf(cotangents);
    }

    /** With standard normal cotangents for all floating-point outputs, drawn from {@code seed}. */
    public static CentralDifference randomProjection(ModelProto model, Map<String, Value> inputs, long seed) {
        Random random = new Random(seed);
        Map<String, Value> cotangents = new LinkedHashMap<>();
        ReferenceEvaluator.run(model, inputs).forEach((name, output) -> {
            if (output.isFloating()) {
                double[] normal = new double[output.size()];
                Arrays.setAll(normal, i -> random.nextGaussian());
                cotangents.put(name, Value.of(output.type(), output.dims(), normal));
            }
        });
        return new CentralDifference(model, inputs, cotangents);
    }

    /** The cotangents by output name. */
    public Map<String, Value> cotangents() {
        return cotangents;
    }

    /** Number of elements of an input or initializer. */
    public int size(String name) {
        return point(name).size();
    }

    /** The projection p at the inputs. */
    public double projection() {
        return projection(Map.of());
    }

    /** ∂p / ∂x for every element of the input or initializer {@code name}; costs four evaluations an element, eight at a kink. */
    public Estimate[] gradient(String name) {
        Estimate[] gradient = new Estimate[point(name).size()];
        Arrays.setAll(gradient, element -> partial(name, element));
        return gradient;
    }

    /** ∂p / ∂x for one element. */
    public Estimate partial(String name, int element) {
        Value point = point(name);
        double h = STEP * Math.max(1, Math.min(10, Math.abs(point.doubleAt(element))));
        return estimate(h, step -> {
            double[] moved = point.doubles().clone();
            moved[element] += step;
            return projection(Map.of(name, Value.of(point.type(), point.dims(), moved)));
        });
    }

    /** Σ_i direction_i · ∂p / ∂x_i over the elements of several inputs or initializers at once. */
    public Estimate along(Map<String, double[]> direction) {
        return estimate(STEP, step -> {
            Map<String, Value> moved = new HashMap<>();
            direction.forEach((name, slope) -> {
                Value point = point(name);
                double[] values = point.doubles().clone();
                Arrays.setAll(values, i -> point.doubleAt(i) + step * slope[i]);
                moved.put(name, Value.of(point.type(), point.dims(), values));
            });
            return projection(moved);
        });
    }

    /** With a shorter step where a kink seems to be within reach, which is then usually beyond it. */
    private Estimate estimate(double h, DoubleUnaryOperator p) {
        Estimate usual = estimateBy(h, p);
        return usual.kink() ? estimateBy(SHORTER * h, p) : usual;
    }

    private Estimate estimateBy(double h, DoubleUnaryOperator p) {
        here = here == null ? Double.valueOf(projection()) : here;
        double near = p.applyAsDouble(h);
        double nearBelow = p.applyAsDouble(-h);
        double far = p.applyAsDouble(2 * h);
        double farBelow = p.applyAsDouble(-2 * h);
        double central = (8 * (near - nearBelow) - (far - farBelow)) / (12 * h);
        double right = (4 * near - far - 3 * here) / (2 * h);
        double left = (3 * here - 4 * nearBelow + farBelow) / (2 * h);
        return new Estimate(central, left, right);
    }

    private Value point(String name) {
        Value value = point.get(name);
        if (value == null || !value.isFloating()) {
            throw new IllegalArgumentException("'" + name + "' is " + value + ", which has no derivative");
        }
        return value;
    }

    private double projection(Map<String, Value> moved) {
        Map<String, Value> outputs = evaluator.rerun(point, moved);
        double sum = 0;
        for (Map.Entry<String, Value> cotangent : cotangents.entrySet()) {
            double[] output = outputs.get(cotangent.getKey()).doubles();
            for (int i = 0; i < output.length; i++) {
                double factor = cotangent.getValue().doubleAt(i);
                sum += factor == 0 ? 0 : factor * output[i];
            }
        }
        return sum;
    }
}
