package io.squisher.examples.benchmarks;

import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;

/** 784-400-400-10 with ReLU: 478,410 parameters. */
final class MultilayerPerceptron {
    private MultilayerPerceptron() {}

    static ModelProto build() {
        NetworkWriter net = new NetworkWriter();
        String x = net.input(ElementType.F32, -1, 784);
        x = net.node("Relu", Attributes.NONE, net.linear("0", x, 784, 400));
        x = net.node("Relu", Attributes.NONE, net.linear("2", x, 400, 400));
        return net.build(net.linear("4", x, 400, 10), -1, 10);
    }
}
