package io.squisher.examples.reproduce.ewc;

import io.squisher.Counted;
import io.squisher.examples.network.TrainingSettings;
import io.squisher.examples.reproduce.setting.Architecture;
import io.squisher.examples.reproduce.setting.EdgeSearch;
import io.squisher.examples.reproduce.setting.Listed;
import io.squisher.examples.reproduce.setting.SavedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a sequence of tasks is learned.
 *
 * @param count how many tasks
 * @param side of the images that the network takes
 * @param most training images of each task
 * @param adam each task's steps, batch, learning rate and β₂; its seed stands for nothing
 * @param methods what is compared; the Fisher before those that take its λ
 * @param search for the λ of a Fisher
 * @param uniformSearch for that of the identity, over as wide a range
 */
public record EwcTraining(
        EwcTasks tasks,
        int count,
        Architecture architecture,
        int side,
        int most,
        TrainingSettings adam,
        SavedModel.FisherSettings fisher,
        List<EwcMethod> methods,
        EdgeSearch search,
        EdgeSearch uniformSearch) {

    /** The same with another Adam. */
    public EwcTraining with(TrainingSettings other) {
        return new EwcTraining(tasks, count, architecture, side, most, other, fisher, methods, search, uniformSearch);
    }

    /** The same with other methods, and only the Fishers that they need. */
    public EwcTraining comparing(List<EwcMethod> others) {
        SavedModel.FisherSettings needed =
                new SavedModel.FisherSettings(fisher.most(), others.contains(EwcMethod.EXACT));
        return new EwcTraining(tasks, count, architecture, side, most, adam, needed, others, search, uniformSearch);
    }

    /** Where λ of a method is searched. */
    EdgeSearch search(EwcMethod method) {
        return method == EwcMethod.IDENTITY ? uniformSearch : search;
    }

    TrainingSettings settings(long seed) {
        return new TrainingSettings(adam.steps(), adam.batchSize(), adam.learningRate(), adam.beta2(), seed);
    }

    /** All choices in words. */
    Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("network", architecture.words());
        words.put(
                "tasks",
                count + ", " + (tasks == EwcTasks.SPLIT ? "of classes" : "of permuted pixels")
                        + ", each with logits of its own, at most " + most + " training images each");
        words.put(
                "training",
                Counted.of(adam.steps(), "step") + " of a new Adam for each task, learning rate " + adam.learningRate()
                        + ", beta2 " + adam.beta2() + ", batch " + adam.batchSize());
        words.put("examples of the Fisher", "at most " + fisher.most());
        words.put(
                "lambda",
                "one of " + Listed.of(search.range())
                        + " for Fishers and Squishers (as batch size times accumulator), of "
                        + Listed.of(uniformSearch.range())
                        + " for the identity"
                        + (search.further() > 0 ? ", and further in steps of ten while the best lies at an edge" : "")
                        + "; the best on validation images of all tasks, where one that lets a"
                        + " diagonal overflow counts as 0");
        words.put("penalty", "one for each task around its own weights, over all layers but the last");
        return words;
    }
}
