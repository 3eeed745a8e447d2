package io.squisher.onnx.graph.opset;

import io.squisher.SquisherException;
import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Tensor;

/** Dropout does nothing in inference. */
final class DropoutAdapter {
    private DropoutAdapter() {}

    static void toIdentity(Node node, OpsetRaiser raiser) {
        boolean training = node.hasInput(2)
                && raiser.stored(node.input(2))
                        .map(Tensor::toLongs)
                        .map(v -> v[0] != 0)
                        .orElse(true);
        if (training) {
            throw new SquisherException(
                    node + " is in training mode, where gradients are random; export the model in eval mode");
        }
        if (!node.output(1).isEmpty()) {
            raiser.emit(node);
            return;
        }
        raiser.emit(OpsetAdapters.identity(node));
    }
}
