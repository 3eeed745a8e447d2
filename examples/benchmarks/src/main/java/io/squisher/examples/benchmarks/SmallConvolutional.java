package io.squisher.examples.benchmarks;

import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;

/** Five 3×3 convolutions, 16 to 256 channels, all but the first with stride 2: 418,308 parameters. */
final class SmallConvolutional {
    private SmallConvolutional() {}

    static ModelProto build() {
        NetworkWriter net = new NetworkWriter();
        String x = net.input(ElementType.F32, -1, 3, 32, 32);
        int in = 3;
        for (int out = 16; out <= 256; out *= 2) {
            int stride = out == 16 ? 1 : 2;
            x = net.convolution("conv" + out, x, new int[] {in, out}, 3, stride, true);
            x = net.node("Relu", Attributes.NONE, x);
            in = out;
        }
        x = net.node("GlobalAveragePool", Attributes.NONE, x);
        x = net.node("Flatten", Attributes.NONE, x);
        return net.build(net.linear("head", x, 256, 100), -1, 100);
    }
}
