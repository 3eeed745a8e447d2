package io.squisher.apps.merge;

import io.squisher.SquisherException;
import io.squisher.apps.plan.Problems;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.ComputedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What methods share that add to a base θ_0 what training changed in it: task vectors τ_i = θ_i − θ_0. */
abstract sealed class TaskVectorMethod implements MergeMethod
        permits TaskArithmeticMethod, TiesMethod, DareMethod, BreadcrumbsMethod {
    private final MergeInput base;
    private final TaskVectorOptions options;

    TaskVectorMethod(MergeInput base, TaskVectorOptions options) {
        this.base = base;
        this.options = options;
    }

    final TaskVectorOptions options() {
        return options;
    }

    @Override
    public Map<String, String> variant() {
        Map<String, String> variant = new LinkedHashMap<>();
        variant.put("base", base.weights().path().getFileName().toString());
        variant.put("alpha", Double.toString(options.alpha()));
        return variant;
    }

    @Override
    public final List<MergeInput> references() {
        return List.of(base);
    }

    /** Factors of task vectors are no shares: a number of examples as one would throw the model far away. */
    static void checkFactors(List<MergeInput> models, Problems problems) {
        for (MergeInput model : models) {
            if (model.share().origin() == ModelWeight.Origin.DATA_SIZE) {
                problems.add("the weight of '" + model.label()
                        + "' is a factor of its task vector and cannot be a data set's size; give it as a number");
            }
        }
    }

    /** Fishers score the entries of all task vectors, or of none. */
    static void checkScores(List<MergeInput> models, Problems problems) {
        List<MergeInput> without =
                models.stream().filter(model -> model.fisher().isEmpty()).toList();
        if (without.size() < models.size()) {
            without.forEach(model -> problems.add(
                    "'" + model.label() + "' has no Fisher and others have; give one for each model, or for none"));
        }
    }

    /** The models' Fishers as they order entries; a factor common to a whole Fisher does not matter to that. */
    static List<Optional<Sensitivity>> sensitivities(List<MergeInput> models) {
        return models.stream()
                .map(model -> model.fisher().map(fisher -> Sensitivity.of(fisher, FisherScale.NONE)))
                .toList();
    }

    /** A method bound to its models, with what the Fishers were used for. */
    static Prepared prepared(TensorMerge merge, List<Optional<Sensitivity>> sensitivities, String use) {
        List<String> warnings = sensitivities.stream()
                .flatMap(Optional::stream)
                .flatMap(sensitivity -> sensitivity.rescaling().warnings().stream())
                .toList();
        List<String> remarks = sensitivities.stream()
                .map(sensitivity -> sensitivity.isPresent() ? use : "not used")
                .toList();
        return new Prepared(merge, warnings, remarks);
    }

    /**
     * How much an entry of a task vector matters: |τ|, or √F |τ| where there is a Fisher, whose square is twice the rise of
     * the loss without the entry, to second order.
     */
    final Tensor score(MergeInput model, Optional<Sensitivity> sensitivity, String name) {
        Tensor weights = model.weights().tensor(name);
        List<Tensor> inputs = new ArrayList<>(List.of(weights, base.weights().tensor(name)));
        sensitivity.ifPresent(fisher -> inputs.add(fisher.of(name)));
        boolean weighted = sensitivity.isPresent();
        TensorSpec spec = new TensorSpec(ElementType.F64, weights.shape());
        return new ComputedTensor(spec, inputs, (start, count, values, output) -> {
            for (int i = 0; i < count; i++) {
                double change = Math.abs(values[0][i] - values[1][i]);
                output[i] = weighted ? Math.sqrt(values[2][i]) * change : change;
                if (!Double.isFinite(output[i])) {
                    throw new SquisherException("'" + model.label() + "': tensor '" + name + "' has " + values[0][i]
                            + " at element " + (start + i) + " and the base " + values[1][i]
                            + "; entries are kept by the size of their change, which must be finite");
                }
            }
        });
    }

    /** The merged tensor; the kernel's inputs are θ_0, θ_1 … θ_M, and those of {@code further}. */
    final Tensor merge(List<MergeInput> models, String name, List<Tensor> further, ComputedTensor.Kernel kernel) {
        List<Tensor> inputs = new ArrayList<>(List.of(base.weights().tensor(name)));
        models.forEach(model -> inputs.add(model.weights().tensor(name)));
        inputs.addAll(further);
        return new ComputedTensor(TensorSpec.of(models.get(0).weights().tensor(name)), inputs, kernel);
    }

    /** The models' factors for a tensor. */
    static double[] factors(List<MergeInput> models, String name) {
        return models.stream().mapToDouble(model -> model.share().in(name)).toArray();
    }

    /** θ_0 + Σ f_i m_i τ_i; inputs are θ_0, the θ_i, and the m_i unless all are 1. */
    record Sum(double[] factors, boolean masked) implements ComputedTensor.Kernel {
        @Override
        public void compute(long start, int count, double[][] inputs, double[] output) {
            int models = factors.length;
            for (int i = 0; i < count; i++) {
                double origin = inputs[0][i];
                double step = 0;
                for (int model = 1; model <= models; model++) {
                    double kept = masked ? inputs[models + model][i] : 1;
                    // What is dropped or weighs nothing adds nothing, whatever it holds.
                    if (kept != 0 && factors[model - 1] != 0) {
                        step += factors[model - 1] * kept * (inputs[model][i] - origin);
                    }
                }
                output[i] = origin + step;
            }
        }
    }

    /** {@code factors} times α. */
    final double[] scaled(double... factors) {
        double[] scaled = factors.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= options.alpha();
        }
        return scaled;
    }
}
