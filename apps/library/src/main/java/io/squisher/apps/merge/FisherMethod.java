package io.squisher.apps.merge;

import io.squisher.SquisherException;
import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.merge.FisherMergeOptions.Normalization;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.Rescaling;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fisher merging (Matena and Raffel 2022): θ = Σ w_i F_i θ_i / Σ w_i F_i for each coordinate, with w_i = λ_i, or
 * λ_i / ‖F_i‖ when normalised. Where all w_i F_i are 0, the weighted average of the θ_i.
 */
public final class FisherMethod implements MergeMethod {
    private final FisherMergeOptions options;

    public FisherMethod(FisherMergeOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("floor", options.floor().name().toLowerCase(java.util.Locale.ROOT));
        if (options.floor() != Floor.NONE) {
            variant.put("floor_value", Double.toString(options.floorValue()));
        }
        variant.put("normalization", options.normalization().name().toLowerCase(java.util.Locale.ROOT));
        variant.put("scale", options.scale().toString());
        return variant;
    }

    @Override
    public void check(List<MergeInput> models, Problems problems) {
        for (MergeInput model : models) {
            if (model.fisher().isEmpty()) {
                problems.add("'" + model.label() + "' has no Fisher; give one with --fisher, or --method average");
            } else {
                problems.collect(() -> rescaling(model.fisher().get()));
            }
        }
    }

    private Rescaling rescaling(NamedFisher fisher) {
        return options.scale().rescaling(fisher.diagonal().provenance(), fisher.label());
    }

    @Override
    public Prepared prepare(List<MergeInput> models, Set<String> merged) {
        List<Sensitivity> sensitivities = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        double[] norms = new double[models.size()];
        for (int i = 0; i < norms.length; i++) {
            MergeInput model = models.get(i);
            NamedFisher fisher = model.fisher().orElseThrow();
            Sensitivity sensitivity = Sensitivity.of(fisher, options.scale());
            double norm = options.normalization() == Normalization.L2 ? norm(fisher, sensitivity, merged) : 1;
            norms[i] = norm;
            sensitivities.add(sensitivity);
            warnings.addAll(sensitivity.rescaling().warnings());
            remarks.add(sensitivity.rescaling().description() + (norm == 1 ? "" : ", divided by its norm " + norm));
        }
        return new Prepared(
                name -> {
                    double[] shares = AverageMethod.shares(models, name);
                    double[] weights = new double[norms.length];
                    for (int i = 0; i < norms.length; i++) {
                        weights[i] = shares[i] / norms[i];
                    }
                    ConvexHull hull =
                            new ConvexHull(models.get(0).weights().tensor(name).type(), norms.length);
                    return merge(
                            models,
                            name,
                            new FisherKernel(
                                    name, options, sensitivities, new FisherKernel.Mixture(weights, shares, hull)));
                },
                warnings,
                remarks);
    }

    /** The global L2 norm ‖F‖ over the merged tensors, after rescaling. */
    private static double norm(NamedFisher fisher, Sensitivity sensitivity, Set<String> merged) {
        ChunkReader reader = new ChunkReader(ChunkReader.DEFAULT_ELEMENTS);
        double[] chunk = new double[ChunkReader.DEFAULT_ELEMENTS];
        double squares = 0;
        for (String name : merged) {
            Tensor tensor = fisher.diagonal().tensor(name);
            int count;
            for (long start = 0; (count = reader.read(tensor, start, chunk)) > 0; start += count) {
                sensitivity.apply(name, start, chunk, count);
                for (int i = 0; i < count; i++) {
                    squares += chunk[i] * chunk[i];
                }
            }
        }
        if (squares == 0) {
            throw new SquisherException("'" + fisher.label()
                    + "' is 0 (or below 1e-160) everywhere and cannot be normalised; use --normalize none");
        }
        return Math.sqrt(squares);
    }

    private static Tensor merge(List<MergeInput> models, String name, FisherKernel kernel) {
        List<Tensor> inputs = new ArrayList<>();
        models.forEach(model -> inputs.add(model.weights().tensor(name)));
        models.forEach(
                model -> inputs.add(model.fisher().orElseThrow().diagonal().tensor(name)));
        return new ComputedTensor(TensorSpec.of(inputs.get(0)), inputs, kernel);
    }
}
