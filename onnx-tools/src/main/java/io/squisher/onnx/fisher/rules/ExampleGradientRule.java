package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.autodiff.RuleContext;
import java.util.Optional;

/** Per-example gradients at one input of one operator, where that beats what the derivative of the operator gives. */
@FunctionalInterface
public interface ExampleGradientRule {
    /**
     * The gradients at input {@code position}, which has no axis of examples; empty where this rule does not apply.
     */
    Optional<ExampleGradient> apply(RuleContext context, int position);
}
