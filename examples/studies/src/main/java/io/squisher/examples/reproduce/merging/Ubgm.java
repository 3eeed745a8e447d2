package io.squisher.examples.reproduce.merging;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.examples.reproduce.setting.Listed;
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

/** Setting 2: merging by uncertainty-based gradient matching (Daheim et al. 2024) against the mean of the parameters. */
public record Ubgm(FineTunedModels.Options options, double referenceSeconds) implements Setting {
    /** α = 1, and a prior that only keeps the quotient defined, as in the authors' shipped settings. */
    private static final UbgmOptions MERGE = new UbgmOptions(1, 1e-12, FisherScale.BATCH);

    @Override
    public String name() {
        return "ubgm";
    }

    @Override
    public Panel panel() {
        return Panel.UBGM;
    }

    @Override
    public List<Part> parts() {
        return List.of(FineTunedModels.ALL, FineTunedModels.OWN);
    }

    @Override
    public Map<String, String> hyperparameters() {
        Map<String, String> words = options.words();
        words.put(
                "merging",
                "alpha " + Listed.of(MERGE.alpha()) + ", delta0 " + Listed.of(MERGE.delta0())
                        + ", multipliers: each model's number of training images, head included");
        return words;
    }

    @Override
    public Outcome run(Run run) {
        FineTunedModels models = FineTunedModels.train(run, options);
        List<Point> points = new ArrayList<>(models.accuraciesUnmerged());
        points.addAll(models.accuracies(Panel.UBGM.baseline(), merge(run, models, Methods.FISHER, true)));
        for (String diagonal : models.base().diagonals().keySet()) {
            points.addAll(models.accuracies(diagonal, merge(run, models, diagonal, false)));
        }
        return models.outcome(points);
    }

    private static Path merge(Run run, FineTunedModels models, String diagonal, boolean average) {
        try (OpenFiles files = new OpenFiles()) {
            MergeInput base = input(files, models.base(), diagonal);
            List<MergeInput> inputs = models.models().stream()
                    .map(model -> input(files, model, diagonal))
                    .toList();
            MergeMethod method = average ? new AverageMethod() : new UbgmMethod(base, MERGE);
            MergePlan plan = Merge.plan(inputs, method, MergeOptions.DEFAULT);
            String name = average ? "average" : diagonal.replace(' ', '-');
            Path target = run.folder().resolve("merged-" + name + ".onnx");
            return OpenFiles.write(target, base.weights(), plan.tensors(), plan.metadata());
        }
    }

    private static MergeInput input(OpenFiles files, SavedModel model, String diagonal) {
        return new MergeInput(
                files.weights(model.model()),
                Optional.of(files.fisher(model.diagonals().get(diagonal))),
                model.images());
    }
}
