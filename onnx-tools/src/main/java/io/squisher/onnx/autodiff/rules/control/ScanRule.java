package io.squisher.onnx.autodiff.rules.control;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.ReverseMode;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Emitter;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Gradient of a Scan: one Scan that takes the steps from the last to the first. */
public final class ScanRule implements GradientRule {
    private final Supplier<GradientRules> rules;

    /**
     * @param rules of what steps are made of
     */
    public ScanRule(Supplier<GradientRules> rules) {
        this.rules = rules;
    }

    @Override
    public Gradients apply(RuleContext c) {
        int reads = c.node().reads().size();
        Set<Integer> positions = IntStream.range(0, reads)
                .filter(position ->
                        c.wants(position) && c.values().isFloating(c.node().input(position)))
                .boxed()
                .collect(Collectors.toSet());
        Map<Integer, Value> found = new StepGradients(c, rules.get()).at(positions, new Sums());
        List<Value> gradients = new ArrayList<>();
        for (int position = 0; position < reads; position++) {
            gradients.add(positions.contains(position) ? found.get(position) : null);
        }
        return Gradients.of(gradients);
    }

    /** Gradients in the shapes of the values, as the engine has them. */
    private final class Sums implements StepGradients.Wanted {
        @Override
        public Set<String> active(GraphValues values, Set<String> states, Set<String> targets) {
            Set<String> sources = new HashSet<>(states);
            sources.addAll(targets);
            return new ReverseMode(values, rules.get(), new Ops(new Emitter(Set.of())))
                    .reachedFrom(sources, values.graph().nodes());
        }

        @Override
        public TensorShape shape(TensorShape value) {
            return value;
        }

        @Override
        public Optional<Value> gradient(StepGradients.Reversed step, String value) {
            return step.reverse().gradient(value);
        }
    }
}
