package io.squisher.examples.reproduce.merging;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMergeOptions.Floor;
import io.squisher.apps.merge.FisherMergeOptions.Normalization;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.OpenFiles;
import io.squisher.examples.reproduce.setting.Panel;
import io.squisher.examples.reproduce.setting.Part;
import io.squisher.examples.reproduce.setting.Point;
import io.squisher.examples.reproduce.setting.Run;
import io.squisher.examples.reproduce.setting.RunResult.Outcome;
import io.squisher.examples.reproduce.setting.SavedModel;
import io.squisher.examples.reproduce.setting.Setting;
import io.squisher.fisher.FisherScale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Setting 1: θ = Σ F_i θ_i / Σ F_i (Matena and Raffel 2022) against the mean of the parameters. */
public record FisherMerging(FineTunedModels.Options options, double referenceSeconds) implements Setting {
    private static final FisherMergeOptions MERGE = new FisherMergeOptions(
            Floor.NONE, FisherMergeOptions.DEFAULT_FLOOR, Normalization.L2, FisherScale.BATCH_IF_KNOWN);

    @Override
    public String name() {
        return "fisher-merging";
    }

    @Override
    public Panel panel() {
        return Panel.FISHER_MERGING;
    }

    @Override
    public List<Part> parts() {
        return List.of(FineTunedModels.ALL, FineTunedModels.OWN);
    }

    @Override
    public Map<String, String> hyperparameters() {
        Map<String, String> words = options.words();
        words.put("merging", "no floor, each diagonal divided by its L2 norm, equal model weights, head included");
        return words;
    }

    @Override
    public Outcome run(Run run) {
        FineTunedModels models = FineTunedModels.train(run, options);
        List<Point> points = new ArrayList<>(models.accuraciesUnmerged());
        points.addAll(models.accuracies(
                Panel.FISHER_MERGING.baseline(), merge(run, models, Methods.FISHER, new AverageMethod(), "average")));
        for (String diagonal : models.base().diagonals().keySet()) {
            Path merged = merge(run, models, diagonal, new FisherMethod(MERGE), diagonal);
            points.addAll(models.accuracies(diagonal, merged));
        }
        return models.outcome(points);
    }

    private static Path merge(Run run, FineTunedModels models, String diagonal, MergeMethod method, String name) {
        try (OpenFiles files = new OpenFiles()) {
            List<MergeInput> inputs = new ArrayList<>();
            for (SavedModel model : models.models()) {
                inputs.add(new MergeInput(
                        files.weights(model.model()),
                        Optional.of(files.fisher(model.diagonals().get(diagonal))),
                        1));
            }
            MergePlan plan = Merge.plan(inputs, method, MergeOptions.DEFAULT);
            Path target = run.folder().resolve("merged-" + name.replace(' ', '-') + ".onnx");
            return OpenFiles.write(target, inputs.get(0).weights(), plan.tensors(), plan.metadata());
        }
    }
}
