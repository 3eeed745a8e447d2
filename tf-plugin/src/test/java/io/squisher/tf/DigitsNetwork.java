package io.squisher.tf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A classifier of digits as a TensorFlow Java user writes it: graph mode, one-hot labels, mean cross-entropy. */
public final class DigitsNetwork implements AutoCloseable {
    public final Graph graph = new Graph();
    public final Ops tf = Ops.create(graph);
    public final Placeholder<TFloat32> images =
            tf.withName("images").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, Digits.PIXELS)));
    public final Placeholder<TFloat32> labels =
            tf.withName("labels").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, Digits.CLASSES)));
    public final List<Variable<TFloat32>> variables = new ArrayList<>();

    private final Random seeds;
    private Operand<TFloat32> logits;
    private Operand<TFloat32> loss;
    private Op train;

    private DigitsNetwork(long seed) {
        this.seeds = new Random(seed);
    }

    /** 64 → 16 → 10 with ReLU: variables {@code hidden.kernel}, {@code hidden.bias}, {@code out.kernel}, {@code out.bias}. */
    public static DigitsNetwork mlp(long seed) {
        DigitsNetwork network = new DigitsNetwork(seed);
        Ops tf = network.tf;
        Operand<TFloat32> hidden = tf.nn.relu(network.dense(network.images, "hidden", Digits.PIXELS, 16));
        return network.finish(network.dense(hidden, "out", 16, Digits.CLASSES));
    }

    /** The given body between the images and the logits. */
    public static DigitsNetwork of(long seed, Function<DigitsNetwork, Operand<TFloat32>> body) {
        DigitsNetwork network = new DigitsNetwork(seed);
        return network.finish(body.apply(network));
    }

    private DigitsNetwork finish(Operand<TFloat32> body) {
        logits = tf.withName("logits").identity(body);
        loss = tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(logits, labels).loss(), tf.constant(0));
        return this;
    }

    public Operand<TFloat32> dense(Operand<TFloat32> x, String name, int in, int out) {
        return tf.nn.biasAdd(tf.linalg.matMul(x, variable(name + ".kernel", in, out)), variable(name + ".bias", out));
    }

    /** A variable that starts as small seeded noise. */
    public Variable<TFloat32> variable(String name, long... dims) {
        Shape shape = Shape.of(dims);
        Variable<TFloat32> variable = tf.withName(name).variable(shape, TFloat32.class);
        float[] values = new float[(int) shape.size()];
        double scale = 1 / Math.sqrt((double) values.length / dims[dims.length - 1]);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (seeds.nextGaussian() * scale);
        }
        Ops init = tf.withInitScope();
        init.assign(variable, init.reshape(init.constant(values), init.constant(dims)));
        variables.add(variable);
        return variable;
    }

    /** Adds the optimizer; call it once. */
    public Op minimize(Function<Graph, Optimizer> optimizer) {
        train = optimizer.apply(graph).minimize(loss);
        return train;
    }

    /**
     * Adds Adam by hand, its powers updated after the variables, which TensorFlow Java's own leaves open, so that two
     * runs of the same steps differ in the last digits.
     */
    public Op minimizeInOrder(float beta2) {
        Operand<TFloat32> beta1 = tf.constant(0.9f);
        Operand<TFloat32> decay = tf.constant(beta2);
        Variable<TFloat32> power1 = scalar("power1", 0.9f);
        Variable<TFloat32> power2 = scalar("power2", beta2);
        Gradients gradients = tf.gradients(loss, variables);
        // Backpropagation reads the variables: none may change before all gradients are there.
        Ops afterGradients = tf.withControlDependencyOps(
                gradients.dy().stream().<Operation>map(Output::op).toList());
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            Variable<TFloat32> variable = variables.get(i);
            updates.add(afterGradients.train.applyAdam(
                    variable,
                    zeros(variable),
                    zeros(variable),
                    power1,
                    power2,
                    tf.constant(0.01f),
                    beta1,
                    decay,
                    tf.constant(1e-8f),
                    gradients.dy(i)));
        }
        Ops after = tf.withControlDependencies(updates);
        train = tf.withControlDependencies(
                        after.assign(power1, after.math.mul(power1, beta1)),
                        after.assign(power2, after.math.mul(power2, decay)))
                .noOp();
        return train;
    }

    private Variable<TFloat32> scalar(String name, float value) {
        Variable<TFloat32> scalar = tf.withName(name).variable(Shape.scalar(), TFloat32.class);
        tf.withInitScope().assign(scalar, tf.withInitScope().constant(value));
        return scalar;
    }

    private Variable<TFloat32> zeros(Variable<TFloat32> like) {
        Variable<TFloat32> slot = tf.variable(like.shape(), TFloat32.class);
        Ops init = tf.withInitScope();
        init.assign(slot, init.fill(init.constant(like.shape()), init.constant(0f)));
        return slot;
    }

    public Operand<TFloat32> logits() {
        return logits;
    }

    public Operand<TFloat32> loss() {
        return loss;
    }

    public Op train() {
        return train;
    }

    /** One step; returns the loss before it. */
    public float step(Session session, Digits.Batch batch) {
        try (TFloat32 x = batch.imageTensor();
                TFloat32 y = batch.labelTensor();
                var result = session.runner()
                        .feed(images, x)
                        .feed(labels, y)
                        .addTarget(train)
                        .fetch(loss)
                        .run()) {
            return ((TFloat32) result.get(0)).getFloat();
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
