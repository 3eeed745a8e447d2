package io.squisher.examples.benchmarks;

import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;

/** ResNet-18 for 32×32 images: a 3×3 stem, no pooling behind it, BatchNormalization kept: 11.2 million parameters. */
final class ResidualNetwork {
    private final NetworkWriter net = new NetworkWriter();

    private ResidualNetwork() {}

    static ModelProto build() {
        return new ResidualNetwork().write();
    }

    private ModelProto write() {
        String x = net.input(ElementType.F32, -1, 3, 32, 32);
        x = relu(normalised("stembn", net.convolution("stem", x, new int[] {3, 64}, 3, 1, false), 64));
        int in = 64;
        for (int stage = 0; stage < 4; stage++) {
            int out = 64 << stage;
            x = block("layer" + stage + ".0", x, in, out, stage == 0 ? 1 : 2);
            x = block("layer" + stage + ".1", x, out, out, 1);
            in = out;
        }
        x = net.node("GlobalAveragePool", Attributes.NONE, x);
        x = net.node("Flatten", Attributes.NONE, x);
        return net.build(net.linear("fc", x, 512, 100), -1, 100);
    }

    private String block(String name, String x, int in, int out, int stride) {
        String y = net.convolution(name + ".conv1", x, new int[] {in, out}, 3, stride, false);
        y = relu(normalised(name + ".bn1", y, out));
        y = normalised(name + ".bn2", net.convolution(name + ".conv2", y, new int[] {out, out}, 3, 1, false), out);
        String shortcut = x;
        if (stride != 1 || in != out) {
            shortcut = net.convolution(name + ".down", x, new int[] {in, out}, 1, stride, false);
            shortcut = normalised(name + ".downbn", shortcut, out);
        }
        return relu(net.node("Add", Attributes.NONE, y, shortcut));
    }

    private String relu(String x) {
        return net.node("Relu", Attributes.NONE, x);
    }

    private String normalised(String name, String x, int channels) {
        return net.node(
                "BatchNormalization",
                Attributes.NONE.with("epsilon", 1e-5f),
                x,
                net.uniform(name + ".weight", 0.5, 1.5, channels),
                net.normal(name + ".bias", 0.01, channels),
                net.normal(name + ".running_mean", 0.1, channels),
                net.uniform(name + ".running_var", 0.5, 1.5, channels));
    }
}
