package io.squisher.onnx.fisher;

import io.squisher.format.onnx.OnnxElementTypes;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.runtime.InferenceSession;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A model's forward run on its first example, with weights as inputs: one session for all perturbations. */
final class WeightPerturbation implements AutoCloseable {
    private final InferenceSession session;
    private final Map<String, Tensor> fed;
    private final String output;
    private final double[] labels;

    WeightPerturbation(FisherPlan plan) {
        fed = new HashMap<>(plan.data().inputs(0, 1));
        output = plan.output();
        labels = plan.data().labels(0, 1, plan.head().labelType()).orElseThrow().toDoubles();
        ModelProto forward = plan.forward();
        GraphProto.Builder graph = forward.getGraph().toBuilder().clearInitializer();
        int type = OnnxElementTypes.toOnnx(ElementType.F32);
        for (TensorProto stored : forward.getGraph().getInitializerList()) {
            Shape shape = plan.parameters().get(stored.getName());
            if (shape == null) {
                graph.addInitializer(stored);
            } else {
                graph.addInput(ModelBuilder.input(stored.getName(), type, shape.dims()));
                fed.put(stored.getName(), direct(shape, OnnxTensors.read(stored).toFloats()));
            }
        }
        session = InferenceSession.create(forward.toBuilder().setGraph(graph).build(), RuntimeSettings.CPU);
        fed.keySet().retainAll(session.inputs());
    }

    /** The central difference of the log-likelihood of unit variance along {@code direction}. */
    double slope(String name, float[] direction, double step) {
        double[] ahead = outputAt(name, direction, step);
        double[] behind = outputAt(name, direction, -step);
        double difference = 0;
        for (int i = 0; i < labels.length; i++) {
            // −½(y−a)² + ½(y−b)², without cancelling.
            difference += (labels[i] - (ahead[i] + behind[i]) / 2) * (ahead[i] - behind[i]);
        }
        return difference / (2 * step);
    }

    private double[] outputAt(String name, float[] direction, double step) {
        Tensor weight = fed.get(name);
        float[] moved = weight.toFloats();
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (moved[i] + step * direction[i]);
        }
        fed.put(name, direct(weight.shape(), moved));
        try {
            return session.run(fed, Set.of(output)).get(output).toDoubles();
        } finally {
            fed.put(name, weight);
        }
    }

    private static Tensor direct(Shape shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Tensor.of(ElementType.F32, shape, bytes);
    }

    @Override
    public void close() {
        session.close();
    }
}
