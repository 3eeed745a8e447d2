package io.squisher.templates.ewc;

import io.squisher.tf.export.OnnxExporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A small classifier of digits with hidden layers, and one step of its training. Put your own network here. */
final class Network implements AutoCloseable {
    /** The logit of a class that takes no part: its probability becomes 0 in float32. */
    private static final float EXCLUDED = -1e9f;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Placeholder<TFloat32> images = input("images", Digits.PIXELS);
    private final Placeholder<TFloat32> labels = input("labels", Digits.CLASSES);
    private final Placeholder<TFloat32> logitOffsets = input("logit_offsets", Digits.CLASSES);
    private final Operand<TFloat32> loss;

    /** What the variables start from. */
    @FunctionalInterface
    interface Start {
        /** The values of a variable; each output of its layer adds up {@code inputs} values, 0 for a bias. */
        float[] of(String name, Shape shape, long inputs);
    }

    /** Weights from N(0, 2/inputs), for layers with ReLU (He et al. 2015), and biases of 0. */
    static Start random(long seed) {
        Random random = new Random(seed);
        return (name, shape, inputs) -> {
            float[] values = new float[Math.toIntExact(shape.size())];
            for (int i = 0; inputs > 0 && i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / inputs));
            }
            return values;
        };
    }

    /** Layers {@code hidden1}, {@code hidden2} … of these widths ({@code hidden} where there is one), and {@code output}. */
    Network(Start start, int... hidden) {
        Operand<TFloat32> x = images;
        long width = Digits.PIXELS;
        for (int i = 0; i < hidden.length; i++) {
            x = tf.nn.relu(dense(start, x, hidden.length == 1 ? "hidden" : "hidden" + (i + 1), width, hidden[i]));
            width = hidden[i];
        }
        Operand<TFloat32> logits = tf.withName("logits").identity(dense(start, x, "output", width, Digits.CLASSES));
        loss = tf.math.mean(
                tf.nn.softmaxCrossEntropyWithLogits(tf.math.add(logits, logitOffsets), labels)
                        .loss(),
                tf.constant(0));
    }

    Graph graph() {
        return graph;
    }

    /** The mean loss of a batch. */
    Operand<TFloat32> loss() {
        return loss;
    }

    /** Runs {@code training} on a batch; only the {@code own} classes take part. Returns the loss before the step. */
    float step(Session session, Op training, Digits batch, Set<Integer> own) {
        float[] offsets = new float[batch.size() * Digits.CLASSES];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = own.contains(i % Digits.CLASSES) ? 0 : EXCLUDED;
        }
        try (TFloat32 x = tensor(Shape.of(batch.size(), Digits.PIXELS), batch.flat());
                TFloat32 y = tensor(Shape.of(batch.size(), Digits.CLASSES), batch.oneHot());
                TFloat32 offset = tensor(Shape.of(batch.size(), Digits.CLASSES), offsets);
                var result = session.runner()
                        .feed(images, x)
                        .feed(labels, y)
                        .feed(logitOffsets, offset)
                        .addTarget(training)
                        .fetch(loss)
                        .run()) {
            return ((TFloat32) result.get(0)).getFloat();
        }
    }

    /** Writes {@code images} to {@code logits} as ONNX. */
    void export(Session session, Path model) {
        OnnxExporter.export(graph, session, List.of("images"), List.of("logits"), model);
    }

    private Placeholder<TFloat32> input(String name, long width) {
        return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, width)));
    }

    private Operand<TFloat32> dense(Start start, Operand<TFloat32> x, String name, long in, long out) {
        Operand<TFloat32> product = tf.linalg.matMul(x, variable(start, name + ".kernel", in, in, out));
        return tf.nn.biasAdd(product, variable(start, name + ".bias", 0, out));
    }

    private Variable<TFloat32> variable(Start start, String name, long inputs, long... dimensions) {
        Shape shape = Shape.of(dimensions);
        Variable<TFloat32> variable = tf.withName(name).variable(shape, TFloat32.class);
        Ops first = tf.withInitScope();
        first.assign(variable, first.constant(shape, DataBuffers.of(start.of(name, shape, inputs))));
        return variable;
    }

    private static TFloat32 tensor(Shape shape, float... values) {
        return TFloat32.tensorOf(shape, DataBuffers.of(values));
    }

    @Override
    public void close() {
        graph.close();
    }
}
