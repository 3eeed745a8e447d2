package io.squisher.tf.training;

import io.squisher.SquisherException;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.tf.graph.ElementTypes;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Mark;
import io.squisher.tf.graph.SessionTensor;
import java.util.List;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * A tensor beside the training: it can be set from Java, and no optimizer touches it. It is a resource variable, because
 * TensorFlow Java's optimizers train every reference variable that the loss reaches.
 */
final class StoredTensor<T extends TType> {
    private final String name;
    private final DataType type;
    private final GraphVariable variable;
    private final Operand<T> value;
    private final Placeholder<T> fed;
    private final GraphOperation assign;

    private StoredTensor(Ops tf, String name, Class<T> kind, Operand<T> initial, Optional<Mark> mark) {
        this.name = NewVariables.free(tf, name);
        this.type = initial.asOutput().dataType();
        Shape shape = initial.shape();
        GraphOperation handle = NewVariables.resource(tf, this.name, shape, type, mark);
        tf.withInitScope().assignVariableOp(handle.<T>output(0), initial);
        this.value = tf.readVariableOp(handle.<T>output(0), kind);
        this.variable = new GraphVariable(handle, value.asOutput());
        this.fed = tf.placeholder(kind, Placeholder.shape(shape));
        this.assign =
                (GraphOperation) tf.assignVariableOp(handle.<T>output(0), fed).op();
    }

    /** Zeros of the shape of {@code like}. */
    static StoredTensor<TFloat32> zeros(Ops tf, String name, GraphVariable like) {
        return zeros(tf, name, like, Optional.empty());
    }

    /** Zeros of the shape of {@code like}, marked as what they are for. */
    static StoredTensor<TFloat32> zeros(Ops tf, String name, GraphVariable like, Mark mark) {
        return zeros(tf, name, like, Optional.of(mark));
    }

    private static StoredTensor<TFloat32> zeros(Ops tf, String name, GraphVariable like, Optional<Mark> mark) {
        Shape shape = like.value().shape();
        Ops init = tf.withInitScope();
        return new StoredTensor<>(tf, name, TFloat32.class, init.fill(init.constant(shape), init.constant(0f)), mark);
    }

    /** All true, of the shape of {@code like}. */
    static StoredTensor<TBool> allTrue(Ops tf, String name, GraphVariable like) {
        Shape shape = like.value().shape();
        Ops init = tf.withInitScope();
        return new StoredTensor<>(
                tf, name, TBool.class, init.fill(init.constant(shape), init.constant(true)), Optional.empty());
    }

    /** The value in the graph. */
    Operand<T> value() {
        return value;
    }

    /** The present value, in memory of our own. */
    Tensor get(Session session) {
        try (var result = Given.fetch(session, List.of(variable))) {
            return SessionTensor.of(name, result.get(0)).copy();
        }
    }

    /**
     * Replaces the value; numbers are rounded to float32, or taken as true where they are not 0.
     *
     * @throws SquisherException if the shape differs
     */
    void set(Session session, Tensor tensor) {
        io.squisher.tensor.Shape expected =
                io.squisher.tensor.Shape.of(fed.asOutput().shape().asArray());
        if (!tensor.shape().equals(expected)) {
            throw new SquisherException(
                    "'" + name + "' has the shape " + expected + ", the given tensor is " + TensorSpec.of(tensor));
        }
        Shape shape = fed.asOutput().shape();
        try (org.tensorflow.Tensor converted = ElementTypes.of(type, name) == ElementType.BOOL
                ? TBool.tensorOf(shape, DataBuffers.of(truths(tensor), true, false))
                : TFloat32.tensorOf(shape, DataBuffers.of(tensor.toFloats(), true, false))) {
            session.runner().feed(fed, converted).addTarget(assign).run().close();
        }
    }

    private static boolean[] truths(Tensor tensor) {
        double[] numbers = tensor.toDoubles();
        boolean[] truths = new boolean[numbers.length];
        for (int i = 0; i < truths.length; i++) {
            truths[i] = numbers[i] != 0;
        }
        return truths;
    }
}
