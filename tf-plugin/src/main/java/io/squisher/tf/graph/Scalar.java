package io.squisher.tf.graph;

import io.squisher.SquisherException;
import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;

/** A number that an operation takes as an input: written into the graph, or kept in a variable. */
public sealed interface Scalar {
    /** Its present value; float32 is widened, so that 0.999f stays 0.99900001287… */
    double value(Session session);

    /** A constant of the graph. */
    record Constant(double number) implements Scalar {
        @Override
        public double value(Session session) {
            return number;
        }
    }

    /** A variable of the graph. */
    record Stored(GraphVariable variable) implements Scalar {
        @Override
        public double value(Session session) {
            try (var result = Given.fetch(session, List.of(variable))) {
                return first(variable.name(), result.get(0));
            }
        }
    }

    /**
     * The number behind {@code input}, found through casts and identities; nothing is run.
     *
     * @throws SquisherException if it is computed in another way
     */
    static Scalar behind(Output<?> input) {
        GraphOperation source = Edges.source(input);
        if (source.type().equals("Const")) {
            try (Tensor value = source.attributes().getAttrTensor("value")) {
                return new Constant(first(source.name(), value));
            }
        }
        if (GraphVariable.isVariable(source)) {
            return new Stored(GraphVariable.of(source));
        }
        throw new SquisherException("operation '" + source.name() + "' (" + source.type()
                + ") should be a constant or a variable, because an optimizer takes its decay from it");
    }

    private static double first(String name, Tensor tensor) {
        return SessionTensor.of(name, tensor).toDoubles()[0];
    }
}
