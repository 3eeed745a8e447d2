package io.squisher.examples.benchmarks;

import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;

/** A BERT-like encoder: 6 layers of 384, 12 heads, vocabulary 30522, sequence 128, 2 classes: 22.6 million parameters. */
final class TransformerEncoder {
    private static final int LAYERS = 6;
    private static final int WIDTH = 384;
    private static final int HEADS = 12;
    private static final int INNER = 1536;
    private static final int TOKENS = 128;

    private final NetworkWriter net = new NetworkWriter();

    private TransformerEncoder() {}

    static ModelProto build() {
        return new TransformerEncoder().write();
    }

    private ModelProto write() {
        String ids = net.input(ElementType.I64, -1, TOKENS);
        String x = net.node("Gather", Attributes.NONE, net.normal("tok.weight", 0.02, 30522, WIDTH), ids);
        long[] positions = java.util.stream.LongStream.range(0, TOKENS).toArray();
        String position = net.stored("positions", Tensor.of(Shape.of(1, TOKENS), positions));
        String expanded = net.node("Expand", Attributes.NONE, position, net.node("Shape", Attributes.NONE, ids));
        x = add(x, net.node("Gather", Attributes.NONE, net.normal("pos.weight", 0.02, 512, WIDTH), expanded));
        String zeros = net.node("Sub", Attributes.NONE, ids, ids);
        x = add(x, net.node("Gather", Attributes.NONE, net.normal("typ.weight", 0.02, 2, WIDTH), zeros));
        x = layerNormalised("ln", x);
        for (int i = 0; i < LAYERS; i++) {
            x = layer("layers." + i, x);
        }
        String first = net.node(
                "Gather",
                Attributes.NONE.with("axis", 1L),
                x,
                net.node(
                        "Constant",
                        Attributes.NONE.with(
                                "value", io.squisher.format.onnx.OnnxTensors.write("", Tensor.of(Shape.of(), 0L)))));
        return net.build(net.linear("head", first, WIDTH, 2), -1, 2);
    }

    private String layer(String name, String x) {
        String q = heads(dense(name + ".q", x, WIDTH, WIDTH), 0, 2, 1, 3);
        String k = heads(dense(name + ".k", x, WIDTH, WIDTH), 0, 2, 3, 1);
        String v = heads(dense(name + ".v", x, WIDTH, WIDTH), 0, 2, 1, 3);
        String scores = net.node("MatMul", Attributes.NONE, q, k);
        scores = net.node("Mul", Attributes.NONE, scores, net.scalar(1 / Math.sqrt((double) WIDTH / HEADS)));
        String attention =
                net.node("MatMul", Attributes.NONE, net.node("Softmax", Attributes.NONE.with("axis", -1L), scores), v);
        String merged = net.node("Transpose", Attributes.NONE.with("perm", new long[] {0, 2, 1, 3}), attention);
        merged = net.node("Reshape", Attributes.NONE, merged, net.integers(0, 0, WIDTH));
        x = layerNormalised(name + ".ln1", add(x, dense(name + ".o", merged, WIDTH, WIDTH)));
        String inner = gelu(dense(name + ".f1", x, WIDTH, INNER));
        return layerNormalised(name + ".ln2", add(x, dense(name + ".f2", inner, INNER, WIDTH)));
    }

    private String heads(String x, long... permutation) {
        String split = net.node("Reshape", Attributes.NONE, x, net.integers(0, 0, HEADS, WIDTH / HEADS));
        return net.node("Transpose", Attributes.NONE.with("perm", permutation), split);
    }

    private String dense(String name, String x, int in, int out) {
        String w = net.normal(name + ".weight", 1 / Math.sqrt(in), out, in);
        String transposed = net.node("Transpose", Attributes.NONE.with("perm", new long[] {1, 0}), w);
        String product = net.node("MatMul", Attributes.NONE, x, transposed);
        return net.node("Add", Attributes.NONE, net.normal(name + ".bias", 0.01, out), product);
    }

    private String gelu(String x) {
        String erf = net.node("Erf", Attributes.NONE, net.node("Div", Attributes.NONE, x, net.scalar(Math.sqrt(2))));
        String shifted = net.node("Add", Attributes.NONE, erf, net.scalar(1));
        return net.node("Mul", Attributes.NONE, net.node("Mul", Attributes.NONE, x, shifted), net.scalar(0.5));
    }

    private String layerNormalised(String name, String x) {
        Attributes last = Attributes.NONE.with("axes", new long[] {-1});
        String centred = net.node("Sub", Attributes.NONE, x, net.node("ReduceMean", last, x));
        String square = net.node("Pow", Attributes.NONE, centred, net.scalar(2));
        String variance = net.node("ReduceMean", last, square);
        String deviation =
                net.node("Sqrt", Attributes.NONE, net.node("Add", Attributes.NONE, variance, net.scalar(1e-12)));
        String normal = net.node("Div", Attributes.NONE, centred, deviation);
        String scaled = net.node("Mul", Attributes.NONE, normal, net.uniform(name + ".weight", 0.9, 1.1, WIDTH));
        return net.node("Add", Attributes.NONE, scaled, net.normal(name + ".bias", 0.01, WIDTH));
    }

    private String add(String a, String b) {
        return net.node("Add", Attributes.NONE, a, b);
    }
}
