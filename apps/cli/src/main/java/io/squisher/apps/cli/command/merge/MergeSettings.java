package io.squisher.apps.cli.command.merge;

import io.squisher.apps.cli.model.ModelOptions;
import io.squisher.apps.cli.model.OpenModels;
import io.squisher.apps.merge.AverageMethod;
import io.squisher.apps.merge.BreadcrumbsMethod;
import io.squisher.apps.merge.DareMethod;
import io.squisher.apps.merge.FisherMergeOptions;
import io.squisher.apps.merge.FisherMethod;
import io.squisher.apps.merge.MergeInput;
import io.squisher.apps.merge.MergeMethod;
import io.squisher.apps.merge.MergeOptions;
import io.squisher.apps.merge.ModelStockMethod;
import io.squisher.apps.merge.ModelWeight;
import io.squisher.apps.merge.SlerpMethod;
import io.squisher.apps.merge.TaskArithmeticMethod;
import io.squisher.apps.merge.TaskVectorOptions;
import io.squisher.apps.merge.TiesMethod;
import io.squisher.apps.merge.UbgmMethod;
import io.squisher.apps.merge.UbgmOptions;
import io.squisher.apps.plan.Problems;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A merge as values, from flags or a recipe.
 *
 * @param models the files
 * @param shares their weights, in the same order, where those are given
 * @param weights where the weights come from
 * @param base the model that the others descend from, for methods that need one
 * @param recipe its text, where there is one
 */
record MergeSettings(
        List<ModelOptions> models,
        List<ModelWeight> shares,
        Weights weights,
        Optional<ModelOptions> base,
        Method method,
        FisherMergeOptions fisher,
        UbgmOptions ubgm,
        TaskVectorOptions taskVectors,
        MergeOptions options,
        Optional<String> recipe) {
    enum Method {
        AVERAGE,
        FISHER,
        UBGM,
        TASK_ARITHMETIC,
        TIES,
        DARE,
        BREADCRUMBS,
        MODEL_STOCK,
        SLERP;

        /** Methods that start from a base. */
        static final Set<Method> WITH_BASE = EnumSet.of(UBGM, TASK_ARITHMETIC, TIES, DARE, BREADCRUMBS, MODEL_STOCK);

        /** Methods that do nothing of their own unless a share is given. */
        static final Set<Method> WITH_DENSITY = EnumSet.of(DARE, BREADCRUMBS);
    }

    /** Where weights come from. */
    enum Weights {
        GIVEN,
        DATA_SIZE
    }

    /** All files: the models, then the base. */
    List<ModelOptions> files() {
        List<ModelOptions> files = new ArrayList<>(models);
        base.ifPresent(files::add);
        return files;
    }

    /**
     * The models that are merged, of those that were opened.
     *
     * @throws io.squisher.SquisherException with all models whose weight is to be found and cannot be
     */
    List<MergeInput> inputs(OpenModels open) {
        Problems problems = new Problems("cannot merge");
        List<MergeInput> inputs = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            ModelWeight given = shares.get(i);
            OpenModels.Model model = open.models().get(i);
            problems.collect(() -> inputs.add(input(model, given)));
        }
        problems.throwIfAny();
        return inputs;
    }

    private MergeInput input(OpenModels.Model model, ModelWeight given) {
        return weights == Weights.DATA_SIZE
                ? MergeInput.byDataSize(model.weights(), model.fisher())
                : new MergeInput(model.weights(), model.fisher(), given);
    }

    /** The method, bound to the opened base where it has one. */
    MergeMethod method(OpenModels open) {
        return switch (method) {
            case AVERAGE -> new AverageMethod();
            case FISHER -> new FisherMethod(fisher);
            case UBGM -> {
                OpenModels.Model opened = open.models().get(models.size());
                yield new UbgmMethod(
                        input(opened, ModelWeight.of(opened.options().weight())), ubgm);
            }
            case TASK_ARITHMETIC -> new TaskArithmeticMethod(ancestor(open), taskVectors);
            case TIES -> new TiesMethod(ancestor(open), taskVectors);
            case DARE -> new DareMethod(ancestor(open), taskVectors);
            case BREADCRUMBS -> new BreadcrumbsMethod(ancestor(open), taskVectors);
            case MODEL_STOCK -> new ModelStockMethod(ancestor(open));
            case SLERP -> new SlerpMethod();
        };
    }

    private MergeInput ancestor(OpenModels open) {
        return new MergeInput(open.models().get(models.size()).weights(), Optional.empty(), ModelWeight.ONE);
    }
}
