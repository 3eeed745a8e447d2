package io.squisher.onnx.reading.opset;

import static io.squisher.onnx.reading.opset.AttributeAdapters.vector;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;

/** Experimental operators that the first opsets had and the standard dropped; files of early converters hold them. */
final class HistoricalOperators {
    private HistoricalOperators() {}

    /** y = alpha x + beta. */
    static void affine(Node node, OpsetRaiser raiser) {
        String scaled =
                raiser.emit(node, "Mul", List.of(node.input(0), scalar(node, "alpha", 1, raiser)), Attributes.NONE);
        finish(node, "Add", List.of(scaled, scalar(node, "beta", 0, raiser)), raiser);
    }

    /** y = scale x + bias, a bias for each channel. */
    static void imageScaler(Node node, OpsetRaiser raiser) {
        List<Float> bias = node.attributes().numbers("bias").orElse(List.of(0f));
        float[] values = new float[bias.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bias.get(i);
        }
        String shift = raiser.constant(node, "bias", Tensor.of(Shape.of(values.length, 1, 1), values));
        String scaled =
                raiser.emit(node, "Mul", List.of(node.input(0), scalar(node, "scale", 1, raiser)), Attributes.NONE);
        finish(node, "Add", List.of(scaled, shift), raiser);
    }

    /** y = scale x. */
    static void scale(Node node, OpsetRaiser raiser) {
        finish(node, "Mul", List.of(node.input(0), scalar(node, "scale", 1, raiser)), raiser);
    }

    /** y = alpha log(1 + exp(beta x)). */
    static void parametricSoftplus(Node node, OpsetRaiser raiser) {
        bent(node, "Softplus", raiser);
    }

    /** y = alpha tanh(beta x). */
    static void scaledTanh(Node node, OpsetRaiser raiser) {
        bent(node, "Tanh", raiser);
    }

    private static void bent(Node node, String function, OpsetRaiser raiser) {
        String inner =
                raiser.emit(node, "Mul", List.of(node.input(0), scalar(node, "beta", 1, raiser)), Attributes.NONE);
        String curve = raiser.emit(node, function, List.of(inner), Attributes.NONE);
        finish(node, "Mul", List.of(curve, scalar(node, "alpha", 1, raiser)), raiser);
    }

    /** Cuts {@code border} (left, top, right, bottom) off images, or cuts {@code scale} (height, width) out of them. */
    static void crop(Node node, OpsetRaiser raiser) {
        long[] border = node.attributes().integers("border", 0, 0, 0, 0);
        long[] size = node.attributes().integers("scale", new long[0]);
        long bottom = size.length == 2 ? border[1] + size[0] : behind(border[3]);
        long right = size.length == 2 ? border[0] + size[1] : behind(border[2]);
        finish(
                node,
                "Slice",
                List.of(
                        node.input(0),
                        raiser.constant(node, "starts", vector(border[1], border[0])),
                        raiser.constant(node, "ends", vector(bottom, right)),
                        raiser.constant(node, "axes", vector(2, 3))),
                raiser);
    }

    private static long behind(long width) {
        return width == 0 ? Integer.MAX_VALUE : -width;
    }

    private static String scalar(Node node, String attribute, float otherwise, OpsetRaiser raiser) {
        return raiser.constant(
                node, attribute, Tensor.of(Shape.of(), node.attributes().number(attribute, otherwise)));
    }

    private static void finish(Node node, String op, List<String> inputs, OpsetRaiser raiser) {
        raiser.emit(new Node(node.name(), op, "", inputs, node.outputs(), Attributes.NONE));
    }
}
