package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.fisher.graph.DerivedValues.Step;
import io.squisher.onnx.fisher.rules.ExampleGradient;
import io.squisher.onnx.fisher.rules.Factors;
import io.squisher.onnx.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of a matrix with several uses, each a product of matrices: as one product over the positions of all. So squares are
 * summed tile by tile, and no example's gradient of a language model's table, which is its output matrix too, is in memory.
 */
final class JoinedUses {
    /** With fewer positions, gradients of each example are small beside what they are products of, and sums of them more exact. */
    private static final int LEAST_POSITIONS = 5;

    private final Ops ops;
    private final List<Factors> factors = new ArrayList<>();
    private boolean possible = true;

    JoinedUses(Ops ops) {
        this.ops = ops;
    }

    /**
     * Adds a use.
     *
     * @param steps from the parameter to the value that is used
     */
    void add(ExampleGradient gradient, List<Step> steps) {
        Optional<Factors> found = possible ? gradient.factors(ops).flatMap(of -> back(of, steps)) : Optional.empty();
        found.ifPresentOrElse(factors::add, () -> possible = false);
    }

    private static Optional<Factors> back(Factors factors, List<Step> steps) {
        Factors at = factors;
        for (Step step : steps) {
            Node node = step.node();
            if (node.op().equals("Transpose")) {
                at = isSwap(node) ? at.transposed() : at;
            } else if (!node.op().equals("Identity")) {
                return Optional.empty();
            }
        }
        return Optional.of(at);
    }

    /** Of a matrix the axes stay where they are, or change places. */
    private static boolean isSwap(Node transpose) {
        long[] permutation = transpose.attributes().integers("perm", 1, 0);
        return permutation[0] == 1;
    }

    /** The sum over all uses; empty where one is no product, or it does not pay. */
    Optional<ExampleGradient> sum() {
        long positions = factors.stream().mapToLong(Factors::positions).sum();
        return possible && positions >= LEAST_POSITIONS ? Optional.of(Factors.sum(ops, factors)) : Optional.empty();
    }
}
