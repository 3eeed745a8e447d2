package io.squisher.examples.network;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** Builds layers with variables; a layer {@code name} has the variables {@code name.kernel} and {@code name.bias}. */
public final class Layers {
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
