package io.squisher.examples.benchmarks;

import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A perceptron of equally wide layers under Adam, on noise: what it learns does not matter, only what it takes. */
final class WideNetwork implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Operand<TFloat32> input;
    private final TFloat32 batch;
    private final Op minimize;
    private final Random random = new Random(1);

    WideNetwork(int width, int layers) {
        this(width, layers, 1);
    }

    WideNetwork(int width, int layers, int batchSize) {
        input = tf.placeholder(TFloat32.class, org.tensorflow.op.core.Placeholder.shape(Shape.of(batchSize, width)));
        Operand<TFloat32> x = input;
        for (int layer = 0; layer < layers; layer++) {
            x = tf.math.tanh(tf.linalg.matMul(x, kernel("layer" + layer, width)));
        }
        Operand<TFloat32> loss = tf.math.mean(tf.math.square(x), tf.constant(new int[] {0, 1}));
        minimize = new Adam(graph, 1e-4f).minimize(loss);
        batch = TFloat32.tensorOf(Shape.of(batchSize, width), DataBuffers.of(noise(batchSize * width, 1)));
    }

    private Variable<TFloat32> kernel(String name, int width) {
        Variable<TFloat32> kernel = tf.withName(name).variable(Shape.of(width, width), TFloat32.class);
        Ops start = tf.withInitScope();
        // Drawn by TensorFlow: as a constant it would be in the graph, which ends at 2 GB.
        Operand<TFloat32> normal = start.random.statelessRandomNormal(
                start.constant(new int[] {width, width}),
                start.constant(new int[] {random.nextInt(), 1}),
                TFloat32.class);
        start.assign(kernel, start.math.mul(normal, start.constant((float) (1 / Math.sqrt(width)))));
        return kernel;
    }

    private float[] noise(int size, double scale) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    Graph graph() {
        return graph;
    }

    /** The training step as the optimizer returned it. */
    Op minimize() {
        return minimize;
    }

    void step(Session session) {
        step(session, minimize);
    }

    void step(Session session, Op training) {
        session.runner().feed(input, batch).addTarget(training).run().close();
    }

    @Override
    public void close() {
        batch.close();
        graph.close();
    }
}
