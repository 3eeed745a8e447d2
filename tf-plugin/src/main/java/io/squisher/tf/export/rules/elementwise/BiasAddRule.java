package io.squisher.tf.export.rules.elementwise;

import io.squisher.tf.export.emit.TensorFlowNode;
import java.util.List;

/** BiasAdd: a vector added along the channel axis, which is the last, or axis 1 in the NCHW layout. */
public final class BiasAddRule {
    private BiasAddRule() {}

    public static void export(TensorFlowNode node) {
        String bias = node.x(1);
        if (node.text("data_format").equals("NCHW") && node.rank(0) > 2) {
            long[] spatial = new long[node.rank(0) - 2];
            for (int i = 0; i < spatial.length; i++) {
                spatial[i] = i + 1;
            }
            bias = node.emit("Unsqueeze", List.of(bias, node.integers("axes", spatial)));
        }
        node.result("Add", List.of(node.x(0), bias));
    }
}
