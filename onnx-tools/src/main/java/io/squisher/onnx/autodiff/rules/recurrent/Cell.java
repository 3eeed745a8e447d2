package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;

/** One of the recurrent operators. */
interface Cell {
    /** Blocks of rows in the weights. */
    int gates();

    /** The activation functions of a node that names none. */
    String[] activations();

    DirectionGradient differentiate(Direction direction, RuleContext context);
}
