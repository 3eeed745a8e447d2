package io.squisher.examples.network;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Builds layers with variables; a layer {@code name} has the variables {@code name.kernel} and {@code name.bias}. */
final class Layers {
    private final Ops tf;
    private final InitialValues initial;
    private final List<Variable<TFloat32>> variables = new ArrayList<>();

    Layers(Ops tf, InitialValues initial) {
        this.tf = tf;
        this.initial = initial;
    }

    public Ops tf() {
        return tf;
    }

    /** All variables so far. */
    public List<Variable<TFloat32>> variables() {
        return variables;
    }

    /** x W + b: from [B, in] to [B, out]. */
    public Operand<TFloat32> dense(Operand<TFloat32> x, String name, long in, long out) {
        Operand<TFloat32> product = tf.linalg.matMul(x, variable(name + ".kernel", in, in, out));
        return tf.nn.biasAdd(product, variable(name + ".bias", 0, out));
    }

    /**
     * ReLU of a convolution by {@code size} × {@code size} windows that keeps height and width: from [B, h, w, in] to
     * [B, h, w, out].
     */
    public Operand<TFloat32> convolution(Operand<TFloat32> x, String name, int size, long in, long out) {
        Variable<TFloat32> kernel = variable(name + ".kernel", size * size * in, size, size, in, out);
        Operand<TFloat32> filtered = tf.nn.conv2d(x, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
        return tf.nn.relu(tf.nn.biasAdd(filtered, variable(name + ".bias", 0, out)));
    }

    /** The largest of each 2 × 2 window: from [B, h, w, c] to [B, h/2, w/2, c]. */
    public Operand<TFloat32> halved(Operand<TFloat32> x) {
        Operand<TInt32> window = tf.constant(new int[] {1, 2, 2, 1});
        return tf.nn.maxPool(x, window, window, "VALID");
    }

    /** Rows of pixels as images of one channel: from [B, side · side] to [B, side, side, 1]. */
    Operand<TFloat32> asImages(Operand<TFloat32> rows, int side) {
        return tf.reshape(rows, tf.constant(new int[] {-1, side, side, 1}));
    }

    /** Images as rows of {@code size} numbers. */
    Operand<TFloat32> asRows(Operand<TFloat32> images, int size) {
        return tf.reshape(images, tf.constant(new int[] {-1, size}));
    }

    private Variable<TFloat32> variable(String name, long inputs, long... dims) {
        Shape shape = Shape.of(dims);
        Variable<TFloat32> variable = tf.withName(name).variable(shape, TFloat32.class);
        float[] values = initial.of(name, shape, inputs);
        Ops start = tf.withInitScope();
        start.assign(variable, start.constant(shape, DataBuffers.of(values)));
        variables.add(variable);
        return variable;
    }
}
