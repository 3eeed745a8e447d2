package io.squisher.examples.reproduce.embedding;

import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Shuffle;
import io.squisher.examples.data.Split;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.reproduce.setting.Groups;
import io.squisher.examples.reproduce.setting.ImageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Tasks that are near to each other in some ways and far in others: groups of classes, each of images as they are, turned by
 * a quarter, inverted, and with shuffled pixels.
 *
 * @param groups how many groups of classes; four times as many tasks
 * @param smallest images of the smallest task's training set
 * @param largest of the largest; sizes are drawn evenly in logarithm
 */
public record VariedTasks(int groups, int smallest, int largest) {
    /** Ways to change an image. */
    private enum Change {
        NONE,
        TURNED,
        INVERTED,
        SHUFFLED
    }

    /**
     * A task.
     *
     * @param offsets what its classes' softmax needs
     */
    record Task(String name, LabelledImages training, LabelledImages test, float[] offsets) {
        LabelledImages first(int count) {
            return training.at(
                    IntStream.range(0, Math.min(count, training.size())).toArray());
        }
    }

    String words() {
        return 4 * groups + " tasks: " + groups
                + " random groups of classes, each of images as they are, turned by a quarter, inverted, and with shuffled"
                + " pixels; " + smallest + " to " + largest + " training images";
    }

    /** The tasks that a seed fixes. */
    List<Task> of(Split split, ImageSource source, long seed) {
        Random random = new Random(seed);
        int[] shuffled = Shuffle.order(source.pixels(), random);
        List<Task> tasks = new ArrayList<>();
        List<Set<Integer>> classes = Groups.of(source.classes(), groups, seed);
        for (Change change : Change.values()) {
            int[] order = order(change, source.side(), shuffled);
            for (Set<Integer> own : classes) {
                double share = random.nextDouble();
                int size = (int) Math.round(smallest * Math.pow((double) largest / smallest, share));
                LabelledImages training = split.training().withLabels(own::contains);
                int[] drawn = IntStream.of(Shuffle.order(training.size(), random))
                        .limit(size)
                        .toArray();
                tasks.add(new Task(
                        change.name().toLowerCase(java.util.Locale.ROOT) + "-" + (classes.indexOf(own) + 1),
                        changed(training.at(drawn), order, change),
                        changed(split.test().withLabels(own::contains), order, change),
                        Classifier.offsets(source.classes(), own)));
            }
        }
        return tasks;
    }

    /** Where each pixel comes from. */
    private static int[] order(Change change, int side, int... shuffled) {
        return switch (change) {
            case NONE, INVERTED -> IntStream.range(0, side * side).toArray();
            case TURNED ->
                IntStream.range(0, side * side)
                        .map(i -> i % side * side + side - 1 - i / side)
                        .toArray();
            case SHUFFLED -> shuffled;
        };
    }

    private static LabelledImages changed(LabelledImages images, int[] order, Change change) {
        return images.mapped(image -> {
            float[] result = new float[order.length];
            for (int i = 0; i < result.length; i++) {
                result[i] = change == Change.INVERTED ? 1 - image[order[i]] : image[order[i]];
            }
            return result;
        });
    }
}
