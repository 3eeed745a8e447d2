package io.squisher.examples.benchmarks;

import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.stream.LongStream;

/**
 * A decoder as GPT-2 is one (Radford et al., "Language models are unsupervised multitask learners", 2019), in the operators that
 * PyTorch's exporter writes at opset 17: token numbers {@code [N, tokens]} to the logits of each next token {@code [N, tokens,
 * vocabulary]}. The table of the tokens is the output matrix too.
 */
final class CausalDecoder {
    private static final int OPSET = 17;
    private static final double DEVIATION = 0.02;

    private final Size size;
    private final NetworkWriter net;

    private CausalDecoder(Size size, NetworkWriter net) {
        this.size = size;
        this.net = net;
    }

    /**
     * How large it is.
     *
     * @param positions rows of the table of positions, at least {@code tokens}
     * @param tokens of an example
     */
    record Size(int layers, int width, int heads, int vocabulary, int positions, int tokens) {
        /** GPT-2 small: 124 million parameters. */
        static final Size SMALL = new Size(12, 768, 12, 50257, 1024, 128);
    }

    /** Builds it. */
    static ModelProto build(Size size, NetworkWriter net) {
        return new CausalDecoder(size, net).write();
    }

    private ModelProto write() {
        String ids = net.input(ElementType.I64, -1, size.tokens);
        String table = net.normal("wte.weight", DEVIATION, size.vocabulary, size.width);
        String position = net.stored(
                "positions",
                Tensor.of(
                        Shape.of(1, size.tokens),
                        LongStream.range(0, size.tokens).toArray()));
        String places = net.normal("wpe.weight", DEVIATION, size.positions, size.width);
        String x = net.node(
                "Add",
                Attributes.NONE,
                net.node("Gather", Attributes.NONE, table, ids),
                net.node("Gather", Attributes.NONE, places, position));
        String mask = net.node(
                "GreaterOrEqual",
                Attributes.NONE,
                net.node("Unsqueeze", Attributes.NONE, position, net.integers(2)),
                net.node("Unsqueeze", Attributes.NONE, position, net.integers(1)));
        for (int i = 0; i < size.layers; i++) {
            x = layer("h." + i, x, mask);
        }
        x = normalised("ln_f", x);
        String logits = net.node("MatMul", Attributes.NONE, x, transposed(table, 1, 0));
        return net.build(OPSET, logits, -1, size.tokens, size.vocabulary);
    }

    private String layer(String name, String x, String mask) {
        x = add(x, attention(name + ".attn", normalised(name + ".ln_1", x), mask));
        String inner = dense(name + ".mlp.c_fc", normalised(name + ".ln_2", x), size.width, 4 * size.width);
        return add(x, dense(name + ".mlp.c_proj", gelu(inner), 4 * size.width, size.width));
    }

    private String attention(String name, String x, String mask) {
        String all = dense(name + ".c_attn", x, size.width, 3 * size.width);
        String q = heads(part(all, 0), 0, 2, 1, 3);
        String k = heads(part(all, 1), 0, 2, 3, 1);
        String v = heads(part(all, 2), 0, 2, 1, 3);
        String scores = net.node("MatMul", Attributes.NONE, q, k);
        scores = net.node("Div", Attributes.NONE, scores, net.scalar(Math.sqrt((double) size.width / size.heads)));
        scores = net.node("Where", Attributes.NONE, mask, scores, net.scalar(-Float.MAX_VALUE));
        String weights = net.node("Softmax", Attributes.NONE.with("axis", -1L), scores);
        String merged = transposed(net.node("MatMul", Attributes.NONE, weights, v), 0, 2, 1, 3);
        merged = net.node("Reshape", Attributes.NONE, merged, net.integers(0, 0, size.width));
        return dense(name + ".c_proj", merged, size.width, size.width);
    }

    /** Queries, keys or values. */
    private String part(String all, int number) {
        long from = (long) number * size.width;
        return net.node(
                "Slice",
                Attributes.NONE,
                all,
                net.integers(from),
                net.integers(from + size.width),
                net.integers(2),
                net.integers(1));
    }

    private String heads(String x, long... permutation) {
        return transposed(
                net.node("Reshape", Attributes.NONE, x, net.integers(0, 0, size.heads, size.width / size.heads)),
                permutation);
    }

    private String transposed(String x, long... permutation) {
        return net.node("Transpose", Attributes.NONE.with("perm", permutation), x);
    }

    /** Weights {@code [in, out]}, as GPT-2 stores them. */
    private String dense(String name, String x, int in, int out) {
        String product =
                net.node("MatMul", Attributes.NONE, x, net.normal(name + ".weight", 1 / Math.sqrt(in), in, out));
        return add(product, net.normal(name + ".bias", DEVIATION, out));
    }

    /** {@code ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))}. */
    private String gelu(String x) {
        String cube = net.node("Pow", Attributes.NONE, x, net.scalar(3));
        String inner = add(x, net.node("Mul", Attributes.NONE, cube, net.scalar(0.044715)));
        String tanh = net.node(
                "Tanh", Attributes.NONE, net.node("Mul", Attributes.NONE, inner, net.scalar(Math.sqrt(2 / Math.PI))));
        String half = net.node("Mul", Attributes.NONE, x, net.scalar(0.5));
        return net.node("Mul", Attributes.NONE, half, add(tanh, net.scalar(1)));
    }

    private String normalised(String name, String x) {
        return net.node(
                "LayerNormalization",
                Attributes.NONE.with("axis", -1L).with("epsilon", 1e-5f),
                x,
                net.uniform(name + ".weight", 0.9, 1.1, size.width),
                net.normal(name + ".bias", DEVIATION, size.width));
    }

    private String add(String a, String b) {
        return net.node("Add", Attributes.NONE, a, b);
    }
}
