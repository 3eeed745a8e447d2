package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.BoundGraph;
import io.squisher.onnx.data.Examples;
import io.squisher.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Examples of one shape, bound to the model, in an order that can be shuffled.
 *
 * @param given the examples as they were given, whose places are those of their files
 * @param order by place, the number of the example
 */
record TrainingData(Examples given, Examples examples, BoundGraph bound, int[] order) {
    /** Binds examples to a model. */
    static TrainingData of(OnnxFile model, Examples given, Optional<String> output) {
        if (given.count() > Integer.MAX_VALUE - 8) {
            throw new SquisherException("'" + given.source() + "' has " + given.count()
                    + " examples, more than can be shuffled; split it into several");
        }
        int[] order = new int[(int) given.count()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>(given.shared());
        given.arrays().forEach((name, array) -> arrays.put(name, new ShuffledRows(array, order)));
        Examples examples = Examples.of(given.source(), arrays, given.shared().keySet())
                .limit(given.count())
                .withAxes(given.axes());
        return new TrainingData(given, examples, BoundGraph.of(model, examples, output), order);
    }

    int count() {
        return order.length;
    }

    /** What sets of data have in common for which one graph is right. */
    String shapes() {
        StringBuilder text = new StringBuilder();
        examples.arrays().forEach((name, array) -> {
            long[] dims = array.shape().dims();
            dims[0] = -1;
            text.append(name)
                    .append(array.type())
                    .append(java.util.Arrays.toString(dims))
                    .append(' ');
        });
        Set<String> shared = examples.shared().keySet();
        // What all examples share is part of the graph.
        return shared.isEmpty() ? text.toString() : text.toString() + System.identityHashCode(this);
    }

    /** Brings the examples into an order that depends on the generator alone. */
    void shuffle(SplittableRandom random) {
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
