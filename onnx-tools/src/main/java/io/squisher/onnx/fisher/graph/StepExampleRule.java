package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.autodiff.rules.control.StepGradients;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.graph.DependencyAnalysis.Use;
import io.squisher.onnx.fisher.graph.UseGradients.Outcome;
import io.squisher.onnx.fisher.rules.ExampleGradient;
import io.squisher.onnx.fisher.rules.ExampleGradientRule;
import io.squisher.onnx.fisher.rules.ExampleRules;
import io.squisher.onnx.fisher.rules.KnownGradient;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Weights that the steps of a Scan read: the gradients of each example are added up over the steps, and squared outside. A
 * slice of weights for each step keeps one for each.
 */
final class StepExampleRule implements ExampleGradientRule {
    private final GradientRules rules;

    StepExampleRule(GradientRules rules) {
        this.rules = rules;
    }

    @Override
    public Optional<ExampleGradient> apply(RuleContext c, int position) {
        StepGradients steps = new StepGradients(c, rules);
        boolean slice = steps.isSlice(position);
        if (!slice && position < c.node().inputs().size()) {
            return Optional.empty();
        }
        OfExamples wanted = new OfExamples();
        Value gradient = steps.at(Set.of(position), wanted).get(position);
        if (wanted.summed) {
            return Optional.empty();
        }
        return Optional.of(new KnownGradient(
                slice ? c.ops().moveAxis(gradient, 1, 0) : gradient, "per-example gradients of the steps, added"));
    }

    /** Gradients with an axis of examples in front. */
    private final class OfExamples implements StepGradients.Wanted {
        /** Whether somewhere no gradient of one example is to be had. */
        private boolean summed;

        @Override
        public Set<String> active(GraphValues values, Set<String> states, Set<String> targets) {
            Set<String> active = new HashSet<>(states);
            active.removeIf(source -> !values.shape(source).hasExamples());
            for (Node node : values.graph().nodes()) {
                boolean reads = rules.isDifferentiable(node)
                        && node.elementsRead().stream().anyMatch(values::isFloating);
                for (String output : node.outputs()) {
                    if (reads && values.isFloating(output)) {
                        boolean batched = values.shape(output).hasExamples();
                        summed |= !batched && node.inputs().stream().anyMatch(targets::contains);
                        if (batched) {
                            active.add(output);
                        }
                    }
                }
            }
            return active;
        }

        @Override
        public TensorShape shape(TensorShape value) {
            return TensorShape.perExample(value);
        }

        @Override
        public Optional<Value> gradient(StepGradients.Reversed step, String value) {
            UseGradients uses = new UseGradients(step.values(), rules, ExampleRules.ALL, step.reverse(), step.ops());
            Value sum = null;
            for (Node node : step.values().graph().nodes()) {
                List<String> reads = node.elementsRead();
                for (int i = 0; i < reads.size(); i++) {
                    if (reads.get(i).equals(value) && rules.isDifferentiable(node)) {
                        Outcome outcome = uses.at(new Use(node, i));
                        summed |= outcome instanceof Outcome.OnlySummed;
                        if (outcome instanceof Outcome.PerExample found) {
                            Value gradient = found.gradient().perExample(step.ops());
                            sum = sum == null ? gradient : step.ops().add(sum, gradient);
                        }
                    }
                }
            }
            return Optional.ofNullable(sum);
        }
    }
}
