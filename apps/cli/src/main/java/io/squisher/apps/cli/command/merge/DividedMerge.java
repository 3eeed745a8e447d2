package io.squisher.apps.cli.command.merge;

import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.merge.MergePlan;
import io.squisher.format.safetensors.DividedModel;
import io.squisher.format.safetensors.ShardRange;
import java.util.Map;
import java.util.Optional;

/** A merge of which this process writes some files, and others the rest. */
final class DividedMerge {
    private final ShardRange range;
    private final Output output;
    private final DividedModel model;
    private String words;

    private DividedMerge(ShardRange range, Output output, DividedModel model) {
        this.range = range;
        this.output = output;
        this.model = model;
    }

    /**
     * Checks that the output can be divided so.
     *
     * @throws io.squisher.SquisherException if its name is no index's, or it has too few tensors
     */
    static DividedMerge of(
            ShardRange range, Output output, OpenModels open, MergePlan plan, Map<String, String> metadata) {
        DividedModel model =
                DividedModel.of(output.path(), open.models().get(0).weights(), plan.tensors(), metadata, range.count());
        return new DividedMerge(range, output, model);
    }

    void write() {
        boolean complete = model.write(range);
        words = complete
                ? output.wrote() + " with the files " + range + ", the last that were missing"
                : "wrote the files " + range + " of " + output.path() + ", which follows when the others are there";
    }

    /** What was written; empty if nothing. */
    Optional<String> words() {
        return Optional.ofNullable(words);
    }
}
