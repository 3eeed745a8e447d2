package io.squisher.onnx.evaluation;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.Tensor;
import java.util.Map;
import java.util.SplittableRandom;

/** A model with weights drawn from independent normal distributions around its own. */
public final class DrawnWeights {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private DrawnWeights() {}

    /**
     * One draw: the same for one seed and number, in whatever order draws are made.
     *
     * @param precisions one over the variances, by initializer and in its shape; others stay as they are
     * @param number which draw this is
     */
    public static OnnxFile of(OnnxFile model, Map<String, Tensor> precisions, long seed, long number) {
        ModelProto.Builder drawn = model.model().toBuilder();
        GraphProto.Builder graph = drawn.getGraphBuilder();
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto stored = graph.getInitializer(i);
            Tensor precision = precisions.get(stored.getName());
            if (precision != null) {
                SplittableRandom ofDraw = new SplittableRandom(seed * GOLDEN_RATIO + number);
                SplittableRandom random = new SplittableRandom(
                        ofDraw.nextLong() + stored.getName().hashCode() * GOLDEN_RATIO);
                Tensor weights = OnnxTensors.read(stored);
                float[] values = weights.toFloats();
                double[] precisionValues = precision.toDoubles();
                for (int j = 0; j < values.length; j++) {
                    values[j] += (float) (random.nextGaussian() / Math.sqrt(precisionValues[j]));
                }
                graph.setInitializer(i, OnnxTensors.write(stored.getName(), Tensor.of(weights.shape(), values)));
            }
        }
        return new OnnxFile(model.path(), drawn.build());
    }
}
