package io.squisher.examples.network;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * Adam from TensorFlow's own update operation, in a fixed order: all gradients, then all variables, then the powers of β₁
 * and β₂. TensorFlow Java's Adam leaves the order open, so that a layer's gradient may already see the next layer's new
 * weights: two runs of the same seed then differ by more than rounding, and a report of seeds cannot be repeated.
 */
final class OrderedAdam {
    /** What is fed where the learning rate changes. */
    static final String RATE = "learning_rate";

    private static final float BETA1 = 0.9f;
    private static final float EPSILON = 1e-8f;

    private final Ops tf;

    private OrderedAdam(Ops tf) {
        this.tf = tf;
    }

    /** Adds the step that makes {@code loss} smaller. */
    static Op minimize(Ops tf, Operand<TFloat32> loss, List<Variable<TFloat32>> variables, TrainingSettings settings) {
        return new OrderedAdam(tf).step(loss, variables, settings);
    }

    private Op step(Operand<TFloat32> loss, List<Variable<TFloat32>> variables, TrainingSettings settings) {
        Operand<TFloat32> rate = rate(settings);
        Operand<TFloat32> beta1 = tf.constant(BETA1);
        Operand<TFloat32> beta2 = tf.constant(settings.beta2());
        Variable<TFloat32> power1 = variable("beta1_power", Shape.scalar(), BETA1);
        Variable<TFloat32> power2 = variable("beta2_power", Shape.scalar(), settings.beta2());
        Gradients gradients = tf.gradients(loss, variables);
        Ops afterGradients = tf.withControlDependencyOps(
                gradients.dy().stream().<Operation>map(Output::op).toList());
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            Variable<TFloat32> variable = variables.get(i);
            String name = variable.op().name();
            updates.add(afterGradients.train.applyAdam(
                    variable,
                    variable(name + ".m", variable.shape(), 0),
                    variable(name + ".v", variable.shape(), 0),
                    power1,
                    power2,
                    rate,
                    beta1,
                    beta2,
                    tf.constant(EPSILON),
                    gradients.dy(i)));
        }
        Ops after = tf.withControlDependencies(updates);
        return tf.withControlDependencies(
                        after.assign(power1, after.math.mul(power1, beta1)),
                        after.assign(power2, after.math.mul(power2, beta2)))
                .noOp();
    }

    private Operand<TFloat32> rate(TrainingSettings settings) {
        return settings.falling()
                ? tf.withName(RATE).placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()))
                : tf.constant(settings.learningRate());
    }

    private Variable<TFloat32> variable(String name, Shape shape, float value) {
        Variable<TFloat32> variable = tf.withName(name).variable(shape, TFloat32.class);
        Ops start = tf.withInitScope();
        start.assign(variable, start.fill(start.constant(shape), start.constant(value)));
        return variable;
    }
}
