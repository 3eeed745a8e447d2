package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.graph.DerivedValues.Step;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.operators.Trait;
import io.squisher.onnx.shape.GraphValues;
import java.util.List;
import java.util.Optional;

/**
 * Numbers that belong to the elements of a parameter, brought to where the parameter is used: through the same transpositions and
 * reshapes.
 *
 * @param weights where the parameter is used; empty for ones
 */
record MovedWeights(Optional<Value> weights) {
    /** The weights at the end of some steps; empty where a step does more than transpose and reshape. */
    static Optional<MovedWeights> along(List<Step> steps, Optional<Value> weights, GraphValues values, Ops ops) {
        if (weights.isEmpty()) {
            boolean moved = steps.stream().allMatch(step -> DerivedGradient.moves(step.node()));
            return moved ? Optional.of(new MovedWeights(weights)) : Optional.empty();
        }
        Value at = weights.get();
        for (Step step : steps) {
            Node node = step.node();
            if (node.facts().has(Trait.RESHAPE)) {
                at = ops.reshape(at, values.shape(step.result()));
            } else if (node.op().equals("Transpose")) {
                at = ops.transpose(at, Axes.permutation(node.attributes(), at.rank()));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new MovedWeights(Optional.of(at)));
    }
}
