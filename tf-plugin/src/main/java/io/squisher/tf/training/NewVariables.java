package io.squisher.tf.training;

import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Mark;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
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

    static GraphVariable accumulator(Ops tf, String name, Shape shape) {
        Graph graph = (Graph) tf.scope().env();
        GraphOperation variable = Mark.OWN_ACCUMULATOR
                .on(graph.opBuilder("VariableV2", free(tf, name), graph.baseScope())
                        .setAttr("shape", shape)
                        .setAttr("dtype", DataType.DT_FLOAT))
                .build();
        Ops init = tf.withInitScope();
        Operand<TFloat32> zero = init.fill(init.constant(shape), init.constant(0f));
        init.assign(variable.<TFloat32>output(0), zero);
        return GraphVariable.of(variable);
    }

    static GraphVariable zeroCounter(Ops tf, String name) {
        Graph graph = (Graph) tf.scope().env();
        GraphOperation variable = graph.opBuilder("VariableV2", free(tf, name), graph.baseScope())
                .setAttr("shape", Shape.scalar())
                .setAttr("dtype", DataType.DT_INT64)
                .build();
        Ops init = tf.withInitScope();
        init.assign(variable.<TInt64>output(0), init.constant(0L));
        return GraphVariable.of(variable);
    }

    static Op increment(Ops tf, GraphVariable counter) {
        return tf.assignAdd(counter.value().expect(TInt64.class), tf.constant(1L));
    }

    /** A resource variable; its handle is shared by name, so the name must be free. */
    static GraphOperation resource(Ops tf, String name, Shape shape, DataType type, Optional<Mark> mark) {
        Graph graph = (Graph) tf.scope().env();
        GraphOperationBuilder builder = graph.opBuilder("VarHandleOp", name, graph.baseScope())
                .setAttr("shape", shape)
                .setAttr("dtype", type)
                .setAttr("shared_name", name);
        mark.ifPresent(what -> what.on(builder));
        return builder.build();
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
