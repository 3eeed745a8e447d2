package io.squisher.weights;

import io.squisher.SquisherException;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model with other values in some of its tensors. */
public final class Replacement {
    private Replacement() {}

    /**
     * All tensors of {@code template} in their order, those of {@code replaced} in place of its own.
     *
     * @throws SquisherException if a new value has another shape
     */
    public static Map<String, Tensor> in(WeightSource template, Map<String, Tensor> replaced) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        template.names().forEach(name -> tensors.put(name, template.tensor(name)));
        replaced.forEach((name, tensor) -> {
            Tensor old = template.tensor(name);
            if (!tensor.shape().equals(old.shape())) {
                throw new SquisherException("tensor '" + name + "' of '" + template.path() + "' is "
                        + TensorSpec.of(old) + ", the new value is " + TensorSpec.of(tensor));
            }
            tensors.put(name, tensor);
        });
        return tensors;
    }
}
