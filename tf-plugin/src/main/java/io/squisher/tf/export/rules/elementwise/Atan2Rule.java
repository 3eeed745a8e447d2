package io.squisher.tf.export.rules.elementwise;

import io.squisher.tf.export.emit.TensorFlowNode;

/**
 * Atan2 of (y, x). Where |y| &gt; |x| it is sign(y) π/2 - atan(x/y), else atan(y/x) and, if x &lt; 0, ±π: so neither quotient
 * exceeds 1, and the gradient is right everywhere but at the origin, where there is none. A zero counts as positive.
 */
public final class Atan2Rule {
    private Atan2Rule() {}

    public static void export(TensorFlowNode node) {
        String y = node.x(0);
        String x = node.x(1);
        String zero = node.scalar(0);
        String steep = node.emit("Greater", node.emit("Abs", y), node.emit("Abs", x));
        String larger = node.emit("Where", steep, y, x);
        String divisor = node.emit("Where", node.emit("Equal", larger, zero), node.scalar(1), larger);
        String angle = node.emit("Atan", node.emit("Div", node.emit("Where", steep, x, y), divisor));
        String half = node.emit("Where", node.emit("Less", y, zero), node.scalar(-Math.PI), node.scalar(Math.PI));
        String flat = node.emit("Add", angle, node.emit("Where", node.emit("Less", x, zero), half, zero));
        String quarter = node.emit("Mul", half, node.scalar(0.5));
        node.passes(0, node.emit("Where", steep, node.emit("Sub", quarter, angle), flat));
    }
}
