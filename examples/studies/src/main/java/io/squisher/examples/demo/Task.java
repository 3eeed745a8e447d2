package io.squisher.examples.demo;

import io.squisher.examples.data.Digits;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Shuffle;
import io.squisher.examples.network.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Half of the digits.
 *
 * @param name {@code a} or {@code b}: the stem of its files
 * @param classes its five digits
 */
record Task(String name, Set<Integer> classes) {
    /** The two halves of a random order of the digits. */
    static List<Task> halves(long seed) {
        int[] order = Shuffle.order(Digits.CLASSES, new Random(seed));
        List<Task> tasks = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            Set<Integer> classes = new TreeSet<>();
            int from = tasks.size() * Digits.CLASSES / 2;
            for (int i = from; i < from + Digits.CLASSES / 2; i++) {
                classes.add(order[i]);
            }
            tasks.add(new Task(name, classes));
        }
        return tasks;
    }

    LabelledImages own(LabelledImages images) {
        return images.withLabels(classes::contains);
    }

    /** What is added to the logits in training and for the Fisher. */
    float[] logitOffsets(DemoSettings.SoftmaxClasses softmax) {
        return softmax == DemoSettings.SoftmaxClasses.ALL
                ? new float[Digits.CLASSES]
                : Classifier.offsets(Digits.CLASSES, classes);
    }
}
