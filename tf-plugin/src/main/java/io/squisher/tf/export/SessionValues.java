package io.squisher.tf.export;

import io.squisher.tensor.Tensor;
import io.squisher.tf.export.emit.ConstantValues;
import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.SessionTensor;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;

/** Values that TensorFlow computes at the export. */
record SessionValues(Session session, InferenceGraph inference) implements ConstantValues {
    @Override
    public Optional<Tensor> of(Output<?> output) {
        if (inference.isInput(output) || inference.varies(Edges.operation(output))) {
            return Optional.empty();
        }
        return Optional.of(fetch(session.runner(), output));
    }

    @Override
    public Tensor ofShape(Output<?> output, Output<?> fed, Shape shape) {
        try (org.tensorflow.Tensor any = org.tensorflow.Tensor.of(fed.type(), shape)) {
            return fetch(session.runner().feed(fed, any), output);
        }
    }

    private static Tensor fetch(Session.Runner runner, Output<?> output) {
        try (var result = runner.fetch(output).run()) {
            return SessionTensor.of(output.op().name(), result.get(0)).copy();
        }
    }
}
