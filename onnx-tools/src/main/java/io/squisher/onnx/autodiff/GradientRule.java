package io.squisher.onnx.autodiff;

/**
 * The derivative of one operator: from the gradients at a node's outputs to those at its inputs.
 *
 * <p>A rule is pure. It returns one gradient, or none, per input position; it names nothing, adds nothing up over
 * several uses of a value, and need not undo broadcasting: a gradient of any shape that the input broadcasts to is
 * summed down by the engine.
 */
@FunctionalInterface
public interface GradientRule {
    Gradients apply(RuleContext context);
}
