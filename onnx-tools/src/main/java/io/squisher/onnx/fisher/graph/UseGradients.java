package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.autodiff.GradientRules;
import io.squisher.onnx.autodiff.ReverseMode;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.graph.DependencyAnalysis.Use;
import io.squisher.onnx.fisher.rules.ExampleFirst;
import io.squisher.onnx.fisher.rules.ExampleGradient;
import io.squisher.onnx.fisher.rules.ExampleGradientRule;
import io.squisher.onnx.fisher.rules.KnownGradient;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The per-example gradients at single uses: by the operator's own rule, else by its derivative before it is summed. */
final class UseGradients {
    private final GraphValues values;
    private final GradientRules rules;
    private final Map<String, ExampleGradientRule> exampleRules;
    private final ReverseMode reverse;
    private final Ops ops;

    UseGradients(
            GraphValues values,
            GradientRules rules,
            Map<String, ExampleGradientRule> exampleRules,
            ReverseMode reverse,
            Ops ops) {
        this.values = values;
        this.rules = rules;
        this.exampleRules = exampleRules;
        this.reverse = reverse;
        this.ops = ops;
    }

    /** What happens at a use. */
    sealed interface Outcome {
        /** No gradient reaches it: it adds nothing. */
        record Zero() implements Outcome {}

        /** Gradients of each example. */
        record PerExample(ExampleGradient gradient) implements Outcome {}

        /** Only the sum over the batch is to be had. */
        record OnlySummed() implements Outcome {}
    }

    /** The gradients at a use, once the reverse walk is over. */
    Outcome at(Use use) {
        List<Value> outputGradients = reverse.outputGradients(use.node());
        if (outputGradients.stream().allMatch(java.util.Objects::isNull)) {
            return new Outcome.Zero();
        }
        ops.emitter().scope("fisher/" + use.node().name());
        RuleContext context =
                new RuleContext(use.node(), values, outputGradients, position -> position == use.position(), ops);
        Optional<ExampleGradient> own =
                rule(use).flatMap(rule -> GradientRules.guarded(context, () -> rule.apply(context, use.position())));
        if (own.isPresent()) {
            return new Outcome.PerExample(own.get());
        }
        Optional<Value> raw = rules.rule(use.node()).apply(context).at(use.position());
        if (raw.isEmpty()) {
            return new Outcome.Zero();
        }
        TensorShape target = values.shape(use.value());
        return aligned(raw.get(), target)
                .<Outcome>map(gradient -> new Outcome.PerExample(new KnownGradient(gradient, "per-example derivative")))
                .orElse(new Outcome.OnlySummed());
    }

    private Optional<ExampleGradientRule> rule(Use use) {
        return use.node().isRepeated()
                ? Optional.of(new StepExampleRule(rules))
                : Optional.ofNullable(exampleRules.get(use.node().op()));
    }

    /** A derivative that still has its axis of examples, brought to {@code [N, target…]}. */
    private Optional<Value> aligned(Value raw, TensorShape target) {
        int example = raw.shape().exampleAxis();
        int missing = raw.rank() - target.rank();
        if (example < 0 || missing < 0) {
            return Optional.empty();
        }
        if (example >= missing && !target.dim(example - missing).isOne()) {
            return Optional.empty();
        }
        Value split = ExampleFirst.split(ops, raw);
        List<Integer> axes = new ArrayList<>();
        int at = 0;
        for (int axis = 0; axis < raw.rank(); axis++) {
            Dim dim = raw.shape().dim(axis);
            boolean broadcast = axis < missing || target.dim(axis - missing).isOne();
            int parts = dim.perExample() ? 1 + (dim.outer() > 1 ? 1 : 0) + (dim.inner() > 1 ? 1 : 0) : 1;
            for (int part = 0; part < parts; part++, at++) {
                if (broadcast
                        && !split.shape().dim(at).perExample()
                        && !split.shape().dim(at).isOne()) {
                    axes.add(at);
                }
            }
        }
        Value summed = ops.reduceSum(
                split, true, axes.stream().mapToInt(Integer::intValue).toArray());
        Value first = ops.moveAxis(summed, summed.shape().exampleAxis(), 0);
        return Optional.of(ops.reshape(first, TensorShape.perExample(target)));
    }
}
