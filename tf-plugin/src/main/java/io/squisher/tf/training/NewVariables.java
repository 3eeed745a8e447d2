package io.squisher.tf.training;

import io.squisher.tf.graph.GraphVariable;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Adds variables under names of other variables, slashes included, which {@code Ops.withName} refuses. They are initialised
 * with the graph's others.
 */
final class NewVariables {
    private NewVariables() {}

    static GraphVariable zeros(Ops tf, String name, Shape shape) {
        GraphOperation variable = variable(tf, name, shape, DataType.DT_FLOAT);
        Ops init = tf.withInitScope();
        Operand<TFloat32> zero = init.fill(init.constant(shape), init.constant(0f));
        init.assign(variable.<TFloat32>output(0), zero);
        return GraphVariable.of(variable);
    }

    static GraphVariable zeroCounter(Ops tf, String name) {
        GraphOperation variable = variable(tf, name, Shape.scalar(), DataType.DT_INT64);
        Ops init = tf.withInitScope();
        init.assign(variable.<TInt64>output(0), init.constant(0L));
        return GraphVariable.of(variable);
    }

    static Op increment(Ops tf, GraphVariable counter) {
        return tf.assignAdd(counter.value().expect(TInt64.class), tf.constant(1L));
    }

    private static GraphOperation variable(Ops tf, String name, Shape shape, DataType type) {
        Graph graph = (Graph) tf.scope().env();
        return graph.opBuilder("VariableV2", free(tf, name), graph.baseScope())
                .setAttr("shape", shape)
                .setAttr("dtype", type)
                .build();
    }

    /** A resource variable; its handle is shared by name, so the name must be free. */
    static GraphOperation resource(Ops tf, String name, Shape shape, DataType type) {
        Graph graph = (Graph) tf.scope().env();
        return graph.opBuilder("VarHandleOp", name, graph.baseScope())
                .setAttr("shape", shape)
                .setAttr("dtype", type)
                .setAttr("shared_name", name)
                .build();
    }

    /** {@code name}, or {@code name_1}, … */
    static String free(Ops tf, String name) {
        Graph graph = (Graph) tf.scope().env();
        String free = name;
        for (int i = 1; graph.operation(free) != null; i++) {
            free = name + "_" + i;
        }
        return free;
    }
}
