package io.squisher.examples.reproduce.merging;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.merge.TaskArithmeticMethod;
import io.squisher.apps.merge.TaskVectorOptions;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.plan.Sensitivity;
import io.squisher.apps.topk.Scope;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.setting.SavedModel;
import io.squisher.fisher.FisherScale;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Merges of one pre-trained network's descendants, and what decides about them: the size of the base's Fisher against theirs.
 *
 * @param folder for merged models
 */
record UbgmMerges(FineTunedModels models, Path folder) {
    static final FisherScale SCALE = FisherScale.BATCH;

    /**
     * How a merge is made.
     *
     * @param diagonal a name of {@link Methods}
     * @param delta0 times the mean of the base's Hessian s_0 F_0
     * @param withBase whether the base's Fisher counts
     */
    record Way(String diagonal, double alpha, double delta0, boolean withBase) {}

    Path average() {
        return merged(Methods.FISHER, true, base -> new AverageMethod());
    }

    /** θ_0 + α Σ (θ_i − θ_0): to this the method comes where the base's Hessian is much larger than the models'. */
    Path arithmetic(double alpha) {
        try (OpenFiles files = new OpenFiles()) {
            MergeInput base = new MergeInput(files.weights(models.base().model()), Optional.empty(), 1);
            List<MergeInput> inputs = models.models().stream()
                    .map(model -> new MergeInput(files.weights(model.model()), Optional.empty(), 1))
                    .toList();
            TaskVectorOptions options = new TaskVectorOptions(alpha, 1, Scope.GLOBAL, 0);
            return written(files, Merge.plan(inputs, new TaskArithmeticMethod(base, options), MergeOptions.DEFAULT));
        }
    }

    Path merged(Way way) {
        UbgmOptions options = options(way);
        return merged(way.diagonal(), way.withBase(), base -> new UbgmMethod(base, options));
    }

    private UbgmOptions options(Way way) {
        return new UbgmOptions(way.alpha(), way.delta0() * mean(models.base(), way.diagonal()), SCALE);
    }

    private Path merged(String diagonal, boolean withBase, Function<MergeInput, MergeMethod> method) {
        try (OpenFiles files = new OpenFiles()) {
            return written(files, plan(files, diagonal, withBase, method));
        }
    }

    private MergePlan plan(
            OpenFiles files, String diagonal, boolean withBase, Function<MergeInput, MergeMethod> method) {
        MergeInput base =
                input(files, models.base(), diagonal, withBase ? models.base().images() : 0);
        List<MergeInput> inputs = models.models().stream()
                .map(model -> input(files, model, diagonal, model.images()))
                .toList();
        return Merge.plan(inputs, method.apply(base), MergeOptions.DEFAULT);
    }

    private Path written(OpenFiles files, MergePlan plan) {
        return OpenFiles.write(
                folder.resolve("merged.onnx"), files.weights(models.base().model()), plan.tensors(), plan.metadata());
    }

    private static MergeInput input(OpenFiles files, SavedModel model, String diagonal, double multiplier) {
        return new MergeInput(
                files.weights(model.model()),
                Optional.of(files.fisher(model.diagonals().get(diagonal))),
                multiplier);
    }

    /** The mean entry of a model's Hessian, s F. */
    private static double mean(SavedModel model, String diagonal) {
        try (OpenFiles files = new OpenFiles()) {
            Sensitivity sensitivity =
                    Sensitivity.of(files.fisher(model.diagonals().get(diagonal)), SCALE);
            double sum = 0;
            long count = 0;
            for (String name : sensitivity.fisher().diagonal().tensors().keySet()) {
                double[] values = sensitivity.of(name).toDoubles();
                sum += Arrays.stream(values).sum();
                count += values.length;
            }
            return model.images() * sum / count;
        }
    }

    /** How many times the mean of a model's Hessian that of the base is. */
    double baseOverModels(String diagonal) {
        double ofModels = models.models().stream()
                .mapToDouble(model -> mean(model, diagonal))
                .average()
                .orElseThrow();
        return mean(models.base(), diagonal) / ofModels;
    }

    /**
     * What the task vectors weigh together, α Σ_i (F_i + h_0) / (α Σ_j F_j + h_0): 1 in an average, their number in their sum.
     * The mean over the parameters, each counted by how far it moved.
     */
    double weight(Way way) {
        UbgmOptions options = options(way);
        try (OpenFiles files = new OpenFiles()) {
            MergePlan plan = plan(files, way.diagonal(), way.withBase(), base -> new UbgmMethod(base, options));
            // It is known once all tensors have been read.
            plan.tensors().values().forEach(Tensor::toBytes);
            return plan.taskVectorWeight().orElseThrow().mean().orElse(Double.NaN);
        }
    }
}
