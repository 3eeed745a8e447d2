package io.squisher.examples.reproduce.ewc;

import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Shuffle;
import io.squisher.examples.data.Split;
import io.squisher.examples.network.Classifier;
import io.squisher.examples.reproduce.setting.Groups;
import io.squisher.examples.reproduce.setting.ImageSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Sequences of tasks, of which the network is told which one it faces. */
public enum EwcTasks {
    /** Each task has classes of its own. */
    SPLIT,
    /** Each task has all classes, pixels in an order of its own, and logits of its own. */
    PERMUTED;

    /**
     * A task.
     *
     * @param offsets what leaves the logits of other tasks out
     */
    record Task(LabelledImages training, LabelledImages validation, LabelledImages test, float[] offsets) {}

    /** The sequence that a seed fixes; images smaller than the network's are padded with 0 around. */
    List<Task> of(ImageSource source, long seed, EwcTraining training) {
        int side = training.side();
        int outputs = training.architecture().outputs();
        Split split = source.split(seed);
        UnaryOperator<float[]> padding = padding(source.side(), side);
        List<Set<Integer>> groups = Groups.of(source.classes(), this == SPLIT ? training.count() : 1, seed);
        List<Task> tasks = new ArrayList<>();
        for (int task = 0; task < training.count(); task++) {
            Set<Integer> classes = groups.get(this == SPLIT ? task : 0);
            int shift = this == SPLIT ? 0 : task * source.classes();
            UnaryOperator<float[]> order = order(task, side * side, seed);
            UnaryOperator<LabelledImages> changed =
                    images -> changed(images, shift, image -> order.apply(padding.apply(image)));
            Set<Integer> logits = new TreeSet<>();
            classes.forEach(label -> logits.add(label + shift));
            tasks.add(new Task(
                    changed.apply(first(split.training().withLabels(classes::contains), training.most())),
                    changed.apply(split.validation().withLabels(classes::contains)),
                    changed.apply(split.test().withLabels(classes::contains)),
                    Classifier.offsets(outputs, logits)));
        }
        return tasks;
    }

    private UnaryOperator<float[]> order(int task, int pixels, long seed) {
        int[] order = this == SPLIT || task == 0
                ? IntStream.range(0, pixels).toArray()
                : Shuffle.order(pixels, new Random(1000 * seed + task));
        return image -> {
            float[] result = new float[pixels];
            for (int i = 0; i < pixels; i++) {
                result[i] = image[order[i]];
            }
            return result;
        };
    }

    private static LabelledImages changed(LabelledImages images, int shift, UnaryOperator<float[]> change) {
        return new LabelledImages(
                images.mapped(change).images(),
                Arrays.stream(images.labels()).map(label -> label + shift).toArray());
    }

    private static LabelledImages first(LabelledImages images, int most) {
        return images.at(IntStream.range(0, Math.min(most, images.size())).toArray());
    }

    private static UnaryOperator<float[]> padding(int from, int to) {
        int before = (to - from) / 2;
        return image -> {
            if (from == to) {
                return image;
            }
            float[] padded = new float[to * to];
            for (int row = 0; row < from; row++) {
                System.arraycopy(image, row * from, padded, (row + before) * to + before, from);
            }
            return padded;
        };
    }
}
