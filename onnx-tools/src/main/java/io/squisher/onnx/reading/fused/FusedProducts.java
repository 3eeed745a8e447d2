package io.squisher.onnx.reading.fused;

import io.squisher.onnx.graph.Attributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Products with a transposition, a factor or an activation fused into them. */
final class FusedProducts {
    private FusedProducts() {}

    /** α A' B', the last two axes transposed where said; {@code transBatch} moves the first axis behind the batch. */
    static void matMul(Decomposition d) {
        String a = ordered(d, 0, "A");
        String b = ordered(d, 1, "B");
        float alpha = d.attributes().number("alpha", 1);
        if (alpha == 1) {
            d.result("MatMul", a, b);
        } else {
            d.result("Mul", d.op("MatMul", a, b), d.scalar("alpha", alpha));
        }
    }

    /** An input with its first axis behind the batch, and its last two axes transposed, where the node says so. */
    private static String ordered(Decomposition d, int position, String name) {
        boolean behindBatch = d.attributes().integer("transBatch" + name, 0) != 0;
        boolean transposed = d.attributes().integer("trans" + name, 0) != 0;
        if (!behindBatch && !transposed) {
            return d.in(position);
        }
        int rank = d.rank(d.in(position), "input " + position);
        List<Long> order = new ArrayList<>(LongStream.range(0, rank).boxed().toList());
        if (behindBatch && rank > 1) {
            order.add(rank - 2, order.remove(0));
        }
        if (transposed && rank > 1) {
            Collections.swap(order, rank - 1, rank - 2);
        }
        return d.transpose(
                d.in(position), order.stream().mapToLong(Long::longValue).toArray());
    }

    /** Conv, plus input 3 where given, then an activation. */
    static void conv(Decomposition d) {
        List<String> inputs = d.has(2) ? List.of(d.in(0), d.in(1), d.in(2)) : List.of(d.in(0), d.in(1));
        Attributes plain = d.attributes().without("activation", "activation_params");
        String y = d.op("Conv", plain, inputs.toArray(String[]::new));
        if (d.has(3)) {
            y = d.op("Add", y, d.in(3));
        }
        List<Float> parameters = d.attributes().numbers("activation_params").orElse(List.of());
        activated(d, y, parameters);
    }

    /** Gemm, then an activation. */
    static void gemm(Decomposition d) {
        List<String> inputs = d.has(2) ? List.of(d.in(0), d.in(1), d.in(2)) : List.of(d.in(0), d.in(1));
        Attributes plain =
                d.attributes().without("activation", "activation_alpha", "activation_beta", "activation_gamma");
        String y = d.op("Gemm", plain, inputs.toArray(String[]::new));
        List<Float> parameters = d.attributes().has("activation_alpha")
                ? List.of(
                        d.attributes().number("activation_alpha", 0),
                        d.attributes().number("activation_beta", 0))
                : List.of();
        activated(d, y, parameters);
    }

    private static void activated(Decomposition d, String y, List<Float> parameters) {
        String activation = d.attributes().string("activation", "Identity");
        switch (activation.isEmpty() ? "Identity" : activation) {
            case "Identity", "Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "HardSwish" ->
                d.result(activation.isEmpty() ? "Identity" : activation, y);
            case "Clip" -> d.result("Clip", y, d.scalar("min", parameters.get(0)), d.scalar("max", parameters.get(1)));
            case "LeakyRelu", "Elu" -> d.output(0, activation, alpha(parameters), y);
            case "HardSigmoid" ->
                d.output(
                        0,
                        activation,
                        parameters.size() < 2
                                ? Attributes.NONE
                                : alpha(parameters).with("beta", parameters.get(1)),
                        y);
            default ->
                throw d.refuse("has the unknown activation '" + activation + "' fused into it; export the model"
                        + " without fusing");
        }
    }

    private static Attributes alpha(List<Float> parameters) {
        return parameters.isEmpty() ? Attributes.NONE : Attributes.NONE.with("alpha", parameters.get(0));
    }
}
