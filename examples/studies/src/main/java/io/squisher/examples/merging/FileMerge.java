package io.squisher.examples.merging;

import io.squisher.apps.merge.Merge;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.MergePlan;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Merges models from files into a file. */
public final class FileMerge {
    private FileMerge() {}

    /** Merges with equal weights, everything included, and writes the result in the first model's format. */
    public static void merge(List<ModelWithFisher> models, MergeMethod method, Path target) {
        List<WeightSource> weights = new ArrayList<>();
        List<FisherFile> fishers = new ArrayList<>();
        try {
            List<MergeInput> inputs = new ArrayList<>();
            for (ModelWithFisher model : models) {
                weights.add(WeightFormats.open(model.model()));
                fishers.add(FisherFile.open(model.fisher()));
                NamedFisher fisher = new NamedFisher(
                        model.fisher().toString(),
                        fishers.get(fishers.size() - 1).diagonal());
                inputs.add(new MergeInput(weights.get(weights.size() - 1), Optional.of(fisher), 1));
            }
            MergePlan plan = Merge.plan(inputs, method, MergeOptions.DEFAULT);
            WeightSource first = weights.get(0);
            first.format().write(target, first, plan.tensors(), plan.metadata());
        } finally {
            weights.forEach(WeightSource::close);
            fishers.forEach(FisherFile::close);
        }
    }
}
