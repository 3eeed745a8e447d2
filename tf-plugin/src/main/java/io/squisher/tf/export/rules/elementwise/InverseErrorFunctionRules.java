package io.squisher.tf.export.rules.elementwise;

import io.squisher.tensor.ElementType;
import io.squisher.tf.export.emit.OperatorRule;
import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.Map;

/**
 * Erfinv, and Ndtri, the inverse of the normal distribution function: Ndtri(p) = √2 erfinv(2p - 1). ONNX has neither.
 *
 * <p>erfinv(x) = x P(w) with w = -ln c and c = (1 - x)(1 + x) = 4p(1 - p), where P is a polynomial in w - 2.5 for w &lt; 5 and
 * in √w - 3 beyond (M. Giles, "Approximating the erfinv function", GPU Computing Gems 2, 2011, single precision). That ends
 * where x can no longer be told from 1; a probability near 0 goes on, w &gt; 16, by a polynomial in √w - 6.75 of our own
 * (Chebyshev fit up to w = 90). The relative error is below 4·10⁻⁷; TensorFlow's is larger where x is near 1, since it takes
 * (x + 1)/2 first.
 */
public final class InverseErrorFunctionRules {
    private static final double[] CENTRE = {
        2.81022636e-08,
        3.43273939e-07,
        -3.5233877e-06,
        -4.39150654e-06,
        2.1858087e-04,
        -1.25372503e-03,
        -4.17768164e-03,
        0.246640727,
        1.50140941
    };
    private static final double[] TAIL = {
        -2.00214257e-04,
        1.00950558e-04,
        1.34934322e-03,
        -3.67342844e-03,
        5.73950773e-03,
        -7.6224613e-03,
        9.43887047e-03,
        1.00167406,
        2.83297682
    };
    private static final double[] FAR_TAIL = {
        -1.3233124e-07, 6.7001474e-07, -1.7172134e-06, 7.155814e-06, -2.1618175e-06, -5.1287666e-04, 1.0088537, 6.616838
    };

    private InverseErrorFunctionRules() {}

    public static Map<String, OperatorRule> rules() {
        return Map.of("Erfinv", InverseErrorFunctionRules::erfinv, "Ndtri", InverseErrorFunctionRules::ndtri);
    }

    private static void erfinv(TensorFlowNode node) {
        requireSinglePrecision(node);
        String x = node.x(0);
        String one = node.scalar(1);
        String c = node.emit("Mul", node.emit("Sub", one, x), node.emit("Add", one, x));
        String w = minusLog(node, c);
        node.passes(0, withEdges(node, x, c, node.emit("Mul", x, upToTail(node, w))));
    }

    private static void ndtri(TensorFlowNode node) {
        requireSinglePrecision(node);
        String p = node.x(0);
        String one = node.scalar(1);
        String x = node.emit("Sub", node.emit("Add", p, p), one);
        String c = node.emit("Mul", node.emit("Mul", node.scalar(4), p), node.emit("Sub", one, p));
        String w = minusLog(node, c);
        String split = node.scalar(16);
        String far = polynomial(node, FAR_TAIL, rootLess(node, node.emit("Max", w, split), 6.75));
        String factor = node.emit("Where", node.emit("Less", w, split), upToTail(node, w), far);
        String inside = node.emit("Mul", node.emit("Mul", x, factor), node.scalar(Math.sqrt(2)));
        node.passes(0, withEdges(node, x, c, inside));
    }

    private static void requireSinglePrecision(TensorFlowNode node) {
        if (node.type(0) != ElementType.F32) {
            throw node.unsupported("it is computed in " + node.type(0) + ", and approximated in F32 only");
        }
    }

    private static String minusLog(TensorFlowNode node, String c) {
        return node.emit("Neg", node.emit("Log", c));
    }

    /** P(w) for w up to 16. Each branch is kept in its range, so that gradients of the one not taken stay finite. */
    private static String upToTail(TensorFlowNode node, String w) {
        String split = node.scalar(5);
        String centre = polynomial(node, CENTRE, node.emit("Sub", node.emit("Min", w, split), node.scalar(2.5)));
        String bounded = node.emit("Clip", w, split, node.scalar(16));
        String tail = polynomial(node, TAIL, rootLess(node, bounded, 3));
        return node.emit("Where", node.emit("Less", w, split), centre, tail);
    }

    private static String rootLess(TensorFlowNode node, String w, double middle) {
        return node.emit("Sub", node.emit("Sqrt", w), node.scalar(middle));
    }

    /** Horner's scheme, from the highest coefficient on. */
    private static String polynomial(TensorFlowNode node, double[] coefficients, String variable) {
        String sum = node.scalar(coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            sum = node.emit("Add", node.emit("Mul", sum, variable), node.scalar(coefficients[i]));
        }
        return sum;
    }

    /** ±∞ where c = 0, and NaN where c &lt; 0: x/√c; within, where c counts as 1, that branch has a finite gradient. */
    private static String withEdges(TensorFlowNode node, String x, String c, String inside) {
        String isInside = node.emit("Greater", c, node.scalar(0));
        String outside = node.emit("Where", isInside, node.scalar(1), c);
        return node.emit("Where", isInside, inside, node.emit("Div", x, node.emit("Sqrt", outside)));
    }
}
