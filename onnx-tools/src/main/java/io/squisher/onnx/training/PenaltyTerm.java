package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.onnx.training.penalty.Penalty;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * All penalties on one parameter. A sum of quadratics is one quadratic and a constant: {@code ½ Σ S (θ − c)² + constant} with
 * {@code S = Σ λ s} and {@code c = Σ λ s θ* / S}.
 *
 * @param strength S, float32
 * @param centre c, float32
 */
record PenaltyTerm(ByteBuffer strength, ByteBuffer centre, double constant) {
    /**
     * Joins penalties.
     *
     * @param start the weights that the training starts from, by parameter
     * @return the terms of those parameters that are held
     * @throws SquisherException if a penalty holds none of the parameters, lacks an anchor, or has another shape
     */
    static Map<String, PenaltyTerm> of(
            List<Penalty> penalties, Set<String> parameters, Function<String, Tensor> start) {
        for (Penalty penalty : penalties) {
            check(penalty, parameters);
        }
        Map<String, PenaltyTerm> terms = new LinkedHashMap<>();
        for (String name : parameters) {
            List<Penalty> holding = new ArrayList<>();
            penalties.stream().filter(penalty -> holds(penalty, name)).forEach(holding::add);
            if (!holding.isEmpty()) {
                terms.put(name, of(name, holding, start.apply(name)));
            }
        }
        return terms;
    }

    private static boolean holds(Penalty penalty, String name) {
        return penalty.lambda() > 0
                && penalty.strength().map(s -> s.containsKey(name)).orElse(true);
    }

    private static void check(Penalty penalty, Set<String> parameters) {
        Optional<Map<String, Tensor>> strength = penalty.strength();
        if (strength.isPresent() && strength.get().keySet().stream().noneMatch(parameters::contains)) {
            throw new SquisherException("the penalty holds none of the trained parameters: it has "
                    + first(strength.get().keySet()) + ", trained are " + first(parameters));
        }
    }

    private static String first(Set<String> names) {
        List<String> sorted = List.copyOf(new TreeSet<>(names));
        return sorted.subList(0, Math.min(3, sorted.size())) + (sorted.size() > 3 ? " and more" : "");
    }

    private static PenaltyTerm of(String name, List<Penalty> penalties, Tensor start) {
        Shape shape = start.shape();
        int size = Math.toIntExact(shape.size());
        double[] sum = new double[size];
        double[] centre = new double[size];
        double[] squares = new double[size];
        for (Penalty penalty : penalties) {
            double[] strength = penalty.strength()
                    .map(s -> values(name, "strength", s, shape))
                    .orElse(null);
            double[] anchor =
                    penalty.centre().map(c -> values(name, "anchor", c, shape)).orElseGet(start::toDoubles);
            for (int i = 0; i < size; i++) {
                double s = penalty.lambda() * (strength == null ? 1 : strength[i]);
                if (!(s >= 0)) {
                    throw new SquisherException("the penalty of '" + name + "' has the strength " + s + " at entry " + i
                            + "; it is 0 or above");
                }
                sum[i] += s;
                centre[i] += s * anchor[i];
                squares[i] += s * anchor[i] * anchor[i];
            }
        }
        double constant = 0;
        ByteBuffer strengths = floats(size);
        ByteBuffer centres = floats(size);
        for (int i = 0; i < size; i++) {
            double c = sum[i] == 0 ? 0 : centre[i] / sum[i];
            // With one penalty the two are equal but for rounding.
            constant += penalties.size() == 1 ? 0 : 0.5 * (squares[i] - sum[i] * c * c);
            strengths.putFloat(4 * i, (float) sum[i]);
            centres.putFloat(4 * i, (float) c);
        }
        return new PenaltyTerm(strengths, centres, constant);
    }

    private static ByteBuffer floats(int size) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(size, 4)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static double[] values(String name, String what, Map<String, Tensor> tensors, Shape shape) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new SquisherException("the penalty has a strength for '" + name + "' and no " + what);
        }
        if (!tensor.shape().equals(shape)) {
            throw new SquisherException(
                    "the penalty's " + what + " of '" + name + "' is " + tensor.shape() + ", the parameter " + shape);
        }
        return tensor.toDoubles();
    }
}
