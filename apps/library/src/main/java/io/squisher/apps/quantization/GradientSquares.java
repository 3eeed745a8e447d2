package io.squisher.apps.quantization;

import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Fisher in the place of the weights: a checkpoint of the model whose values are squared gradients, which SqueezeLLM
 * (Kim et al. 2024) cuts into layers by the same program as the weights. Its k-means takes one factor for the same.
 */
public final class GradientSquares {
    /** What PyTorch's loaders ask of a safetensors file. */
    public static final Map<String, String> METADATA = Map.of("format", "pt");

    private GradientSquares() {}

    /** All floating-point tensors of the model in float32: the Fisher's entries, and 0 where it has none. */
    public static Map<String, Tensor> of(WeightSource model, NamedFisher fisher, FisherScale scale) {
        Sensitivity sensitivity = Sensitivity.of(fisher, scale);
        Map<String, Tensor> squares = new LinkedHashMap<>();
        for (String name : model.names()) {
            Tensor weights = model.tensor(name);
            if (!weights.type().isFloating()) {
                continue;
            }
            TensorSpec spec = new TensorSpec(ElementType.F32, weights.shape());
            List<Tensor> inputs = fisher.diagonal().names().contains(name) ? List.of(sensitivity.of(name)) : List.of();
            squares.put(name, new ComputedTensor(spec, inputs, (start, count, values, output) -> {
                for (int i = 0; i < count; i++) {
                    output[i] = inputs.isEmpty() ? 0 : values[0][i];
                }
            }));
        }
        return squares;
    }
}
