package io.squisher.examples.network;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * A classifier of images as a graph: {@code images} [B, pixels] to {@code logits} [B, classes], and its mean
 * cross-entropy against one-hot {@code labels}.
 *
 * <p>The loss is of the {@code task_logits}: the logits plus {@code logit_offsets} [B, classes], with which a task leaves
 * classes that are not its own out of its softmax.
 */
public final class Classifier implements AutoCloseable {
    public static final String IMAGES = "images";
    public static final String LABELS = "labels";
    public static final String LOGIT_OFFSETS = "logit_offsets";
    public static final String LOGITS = "logits";
    public static final String TASK_LOGITS = "task_logits";

    /** What the last layer is called. */
    public static final String HEAD = "output";

    /** The offset of a class that takes no part: its probability becomes 0 in float32. */
    private static final float EXCLUDED = -1e9f;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final int classes;
    private final Placeholder<TFloat32> images;
    private final Placeholder<TFloat32> labels;
    private final Placeholder<TFloat32> logitOffsets;
    private final Operand<TFloat32> loss;
    private final List<Variable<TFloat32>> variables;

    /** What is between images and logits. */
    @FunctionalInterface
    public interface Body {
        /** Builds it: [B, pixels] to [B, classes]. */
        Operand<TFloat32> build(Layers layers, Operand<TFloat32> images);

        /** One hidden layer with ReLU. */
        static Body oneHiddenLayer(int pixels, int hidden, int classes) {
            return (layers, images) -> layers.dense(
                    layers.tf().nn.relu(layers.dense(images, "hidden", pixels, hidden)), HEAD, hidden, classes);
        }

        /** Two hidden layers of one width with ReLU. */
        static Body twoHiddenLayers(int pixels, int hidden, int classes) {
            return (layers, images) -> {
                Operand<TFloat32> first = layers.tf().nn.relu(layers.dense(images, "hidden1", pixels, hidden));
                Operand<TFloat32> second = layers.tf().nn.relu(layers.dense(first, "hidden2", hidden, hidden));
                return layers.dense(second, HEAD, hidden, classes);
            };
        }

        /** Two convolutions of 5 × 5, each halved, and a hidden layer. */
        static Body convolutional(int side, int channels, int hidden, int classes) {
            return (layers, images) -> {
                Operand<TFloat32> x = layers.asImages(images, side);
                x = layers.halved(layers.convolution(x, "conv1", 5, 1, channels));
                x = layers.halved(layers.convolution(x, "conv2", 5, channels, 2L * channels));
                int rows = side / 4 * (side / 4) * 2 * channels;
                x = layers.tf().nn.relu(layers.dense(layers.asRows(x, rows), "hidden", rows, hidden));
                return layers.dense(x, HEAD, hidden, classes);
            };
        }

        /** As VGG has it: two blocks of two convolutions of 3 × 3, each block halved, and a hidden layer. */
        static Body vggLike(int side, int channels, int hidden, int classes) {
            return (layers, images) -> {
                Operand<TFloat32> x = layers.asImages(images, side);
                x = layers.convolution(x, "conv1a", 3, 1, channels);
                x = layers.halved(layers.convolution(x, "conv1b", 3, channels, channels));
                x = layers.convolution(x, "conv2a", 3, channels, 2L * channels);
                x = layers.halved(layers.convolution(x, "conv2b", 3, 2L * channels, 2L * channels));
                int rows = side / 4 * (side / 4) * 2 * channels;
                x = layers.tf().nn.relu(layers.dense(layers.asRows(x, rows), "hidden", rows, hidden));
                return layers.dense(x, HEAD, hidden, classes);
            };
        }
    }

    public Classifier(Body body, int pixels, int classes, InitialValues initial) {
        this.classes = classes;
        images = placeholder(IMAGES, pixels);
        labels = placeholder(LABELS, classes);
        logitOffsets = placeholder(LOGIT_OFFSETS, classes);
        Layers layers = new Layers(tf, initial);
        Operand<TFloat32> logits = tf.withName(LOGITS).identity(body.build(layers, images));
        Operand<TFloat32> taskLogits = tf.withName(TASK_LOGITS).math.add(logits, logitOffsets);
        loss = tf.math.mean(
                tf.nn.softmaxCrossEntropyWithLogits(taskLogits, labels).loss(), tf.constant(0));
        variables = List.copyOf(layers.variables());
    }

    private Placeholder<TFloat32> placeholder(String name, long width) {
        return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, width)));
    }

    /** A row of offsets: 0 for the task's own classes, so low for the others that their probability is 0. */
    public static float[] offsets(int classes, java.util.Set<Integer> own) {
        float[] offsets = new float[classes];
        for (int c = 0; c < classes; c++) {
            offsets[c] = own.contains(c) ? 0 : EXCLUDED;
        }
        return offsets;
    }

    public Graph graph() {
        return graph;
    }

    Ops tf() {
        return tf;
    }

    public int classes() {
        return classes;
    }

    Placeholder<TFloat32> images() {
        return images;
    }

    Placeholder<TFloat32> labels() {
        return labels;
    }

    Placeholder<TFloat32> logitOffsets() {
        return logitOffsets;
    }

    /** The mean loss of a batch. */
    public Operand<TFloat32> loss() {
        return loss;
    }

    public List<Variable<TFloat32>> variables() {
        return variables;
    }

    @Override
    public void close() {
        graph.close();
    }
}
