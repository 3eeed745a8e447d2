package io.squisher.apps.influence;

import io.squisher.SquisherException;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the squared gradients of an example are weighted with.
 *
 * @param tensors by parameter, in its shape, computed as they are read
 * @param damping d of 1/(F + d); empty where the weights are a diagonal itself
 * @param description how the diagonal was brought to scale
 * @param warnings complete lines for the user
 */
public record GradientWeights(
        Map<String, Tensor> tensors, OptionalDouble damping, String description, List<String> warnings) {
    /** The usual damping, as a share of the mean entry (Grosse et al. 2023, "Studying Large Language Model Generalization with Influence Functions"). */
    public static final double USUAL_SHARE = 0.1;

    /**
     * A diagonal as it is: Σ_j w_j g_j².
     *
     * @throws SquisherException if it does not belong to the model
     */
    public static GradientWeights of(
            WeightSource model, NamedFisher diagonal, FisherScale scale, boolean allowOtherModel) {
        Sensitivity sensitivity = checked(model, diagonal, scale, allowOtherModel);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        diagonal.diagonal().names().forEach(name -> tensors.put(name, sensitivity.of(name)));
        return new GradientWeights(
                tensors,
                OptionalDouble.empty(),
                sensitivity.rescaling().description(),
                sensitivity.rescaling().warnings());
    }

    /**
     * The inverse of a Fisher, damped: 1/(F + d), for gᵀ(F + d)⁻¹g.
     *
     * @param damping d above 0; {@value #USUAL_SHARE} times the mean entry of F unless given
     * @throws SquisherException if the Fisher does not belong to the model, or is 0 everywhere without a damping
     */
    public static GradientWeights inverse(
            WeightSource model,
            NamedFisher fisher,
            OptionalDouble damping,
            FisherScale scale,
            boolean allowOtherModel) {
        Sensitivity sensitivity = checked(model, fisher, scale, allowOtherModel);
        double added = damping.orElseGet(() -> USUAL_SHARE * mean(sensitivity));
        if (!(added > 0) || Double.isInfinite(added)) {
            throw new SquisherException(
                    "'" + fisher.label() + "' cannot be inverted with a damping of " + added + "; give one above 0");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        fisher.diagonal().names().forEach(name -> tensors.put(name, inverse(sensitivity.of(name), added)));
        return new GradientWeights(
                tensors,
                OptionalDouble.of(added),
                sensitivity.rescaling().description(),
                sensitivity.rescaling().warnings());
    }

    private static Sensitivity checked(
            WeightSource model, NamedFisher diagonal, FisherScale scale, boolean allowOtherModel) {
        Problems problems = new Problems("cannot weight gradients");
        new FisherCheck(problems, allowOtherModel).check(model, diagonal, List.of());
        problems.throwIfAny();
        return Sensitivity.of(diagonal, scale);
    }

    private static double mean(Sensitivity sensitivity) {
        double[] sum = {0};
        long count = 0;
        for (String name : sensitivity.fisher().diagonal().names()) {
            Tensor tensor = sensitivity.of(name);
            ChunkReader.upTo(tensor.size()).forEach(tensor, (index, value) -> sum[0] += value);
            count += tensor.size();
        }
        return sum[0] / Math.max(1, count);
    }

    private static Tensor inverse(Tensor fisher, double damping) {
        TensorSpec spec = new TensorSpec(ElementType.F64, fisher.shape());
        return new ComputedTensor(spec, List.of(fisher), (start, count, inputs, output) -> {
            for (int i = 0; i < count; i++) {
                output[i] = 1 / (inputs[0][i] + damping);
            }
        });
    }
}
