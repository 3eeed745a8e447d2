package io.squisher.examples.benchmarks;

import io.squisher.onnx.graph.Attributes;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.ElementType;

/** Models of one operator whose gradient is costly, at sizes that are usual; batches of 16. */
enum OperatorModel {
    LSTM_32_STEPS_64_TO_128("LSTM", 4, 32, 64, 128),
    LSTM_128_STEPS_128_TO_256("LSTM", 4, 128, 128, 256),
    GRU_64_STEPS_128_TO_128("GRU", 3, 64, 128, 128),
    ATTENTION_128_STEPS_12_HEADS_OF_32("Attention", 0, 128, 3 * 12 * 32, 0);

    private static final int OPSET = 23;
    private static final int HEADS = 12;

    private final String operator;
    private final int gates;
    private final int steps;
    private final int features;
    private final int hidden;

    OperatorModel(String operator, int gates, int steps, int features, int hidden) {
        this.operator = operator;
        this.gates = gates;
        this.steps = steps;
        this.features = features;
        this.hidden = hidden;
    }

    int batch() {
        return 16;
    }

    /** {@code [examples, steps, features]}. */
    long[] inputDims(long examples) {
        return new long[] {examples, steps, features};
    }

    String output() {
        return "y";
    }

    ModelProto build() {
        NetworkWriter network = new NetworkWriter();
        String x = network.input(ElementType.F32, inputDims(-1));
        return gates == 0 ? attention(network, x) : recurrent(network, x);
    }

    private ModelProto recurrent(NetworkWriter network, String x) {
        String steps = network.node("Transpose", Attributes.NONE.with("perm", new long[] {1, 0, 2}), x);
        double deviation = 1 / Math.sqrt(hidden);
        String w = network.normal("w", deviation, 1, (long) gates * hidden, features);
        String r = network.normal("r", deviation, 1, (long) gates * hidden, hidden);
        String b = network.normal("b", deviation, 1, 2L * gates * hidden);
        Attributes attributes = Attributes.NONE.with("hidden_size", (long) hidden);
        String all = network.node(operator, attributes, steps, w, r, b);
        network.named(output(), "Transpose", Attributes.NONE.with("perm", new long[] {2, 0, 1, 3}), all);
        return network.build(OPSET, output(), -1, this.steps, 1, hidden);
    }

    private ModelProto attention(NetworkWriter network, String x) {
        long width = features / 3;
        Attributes heads = Attributes.NONE.with("q_num_heads", HEADS).with("kv_num_heads", HEADS);
        String[] parts = new String[3];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = network.node(
                    "Slice",
                    Attributes.NONE,
                    x,
                    network.integers(i * width),
                    network.integers((i + 1) * width),
                    network.integers(2));
        }
        network.named(output(), operator, heads, parts);
        return network.build(OPSET, output(), -1, steps, width);
    }
}
