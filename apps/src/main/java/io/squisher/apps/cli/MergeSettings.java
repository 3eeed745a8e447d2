package io.squisher.apps.cli;

import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.ModelWeight;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A merge as values, from flags or a recipe.
 *
 * @param models the files
 * @param shares their weights, in the same order
 * @param base the base of UBGM
 */
record MergeSettings(
        List<ModelOptions> models,
        List<ModelWeight> shares,
        Optional<ModelOptions> base,
        Method method,
        FisherMergeOptions fisher,
        UbgmOptions ubgm,
        MergeOptions options) {
    enum Method {
        AVERAGE,
        FISHER,
        UBGM
    }

    /** All files: the models, then the base. */
    List<ModelOptions> files() {
        List<ModelOptions> files = new ArrayList<>(models);
        base.ifPresent(files::add);
        return files;
    }

    /** The models that are merged, of those that were opened. */
    List<MergeInput> inputs(OpenModels open) {
        List<MergeInput> inputs = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            OpenModels.Model model = open.models().get(i);
            inputs.add(new MergeInput(model.weights(), model.fisher(), shares.get(i)));
        }
        return inputs;
    }

    /** The method, bound to the opened base where it has one. */
    MergeMethod method(OpenModels open) {
        return switch (method) {
            case AVERAGE -> new AverageMethod();
            case FISHER -> new FisherMethod(fisher);
            case UBGM -> {
                OpenModels.Model opened = open.models().get(models.size());
                yield new UbgmMethod(
                        new MergeInput(
                                opened.weights(),
                                opened.fisher(),
                                opened.options().weight()),
                        ubgm);
            }
        };
    }
}
