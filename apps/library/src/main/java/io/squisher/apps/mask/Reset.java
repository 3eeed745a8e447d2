package io.squisher.apps.mask;

import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.Problems;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A fine-tuned model of which only the masked parameters are kept: all others return to their pre-trained values. */
public final class Reset {
    private Reset() {}

    /**
     * The parameters after the reset, computed as they are read; what the mask does not name stays as fine-tuned.
     *
     * @param masks 1 where the fine-tuned value is kept, by name, in the parameters' shapes
     * @throws io.squisher.SquisherException with all names that are missing and all shapes that differ
     */
    public static Map<String, Tensor> plan(WeightSource model, WeightSource base, Map<String, Tensor> masks) {
        Problems problems = new Problems("cannot reset");
        missing(model, masks, problems);
        missing(base, masks, problems);
        problems.throwIfAny();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<String> unlike = new ArrayList<>();
        masks.forEach((name, mask) -> {
            Tensor tuned = model.tensor(name);
            Tensor original = base.tensor(name);
            if (!tuned.shape().equals(original.shape()) || !tuned.shape().equals(mask.shape())) {
                unlike.add("'" + name + "' " + TensorSpec.of(tuned) + ", base " + TensorSpec.of(original) + ", mask "
                        + mask.shape());
            } else {
                tensors.put(name, chosen(tuned, original, mask));
            }
        });
        if (!unlike.isEmpty()) {
            problems.add("shapes differ: " + String.join("; ", unlike));
        }
        problems.throwIfAny();
        return tensors;
    }

    private static void missing(WeightSource source, Map<String, Tensor> masks, Problems problems) {
        List<String> missing = masks.keySet().stream()
                .filter(name -> !source.names().contains(name))
                .toList();
        if (!missing.isEmpty()) {
            problems.add("'" + source.path() + "' lacks the mask's parameters " + FisherCheck.list(missing)
                    + "; a mask is made from the Fisher of the same model");
        }
    }

    private static Tensor chosen(Tensor tuned, Tensor original, Tensor mask) {
        List<Tensor> inputs = List.of(tuned, original, mask);
        return new ComputedTensor(TensorSpec.of(tuned), inputs, (start, count, values, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = values[2][i] == 0 ? values[1][i] : values[0][i];
            }
        });
    }
}
