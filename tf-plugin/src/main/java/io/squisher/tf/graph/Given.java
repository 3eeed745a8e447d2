package io.squisher.tf.graph;

import io.squisher.SquisherException;
import java.util.List;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFFailedPreconditionException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Op;

/** Checks graphs, operations and sessions that a program gives us, and says in one line what is wrong with them. */
public final class Given {
    private Given() {}

    /**
     * A value that must be there.
     *
     * @param what its name for the user, with its article
     */
    public static <T> T notNull(T value, String what) {
        if (value == null) {
            throw new SquisherException(what + " is null");
        }
        return value;
    }

    /**
     * An open graph.
     *
     * @throws SquisherException if it is null or closed
     */
    public static Graph graph(Graph graph) {
        notNull(graph, "the graph");
        try {
            graph.operations();
            return graph;
        } catch (IllegalStateException e) {
            throw closedGraph(e);
        }
    }

    private static SquisherException closedGraph(IllegalStateException cause) {
        return new SquisherException("the graph is closed; attach and save before graph.close()", cause);
    }

    /**
     * The operation of an open graph behind {@code op}.
     *
     * @param what its name for the user, with its article
     * @throws SquisherException if it is null, eager, or of a closed graph
     */
    public static GraphOperation operation(Op op, String what) {
        Operation operation =
                op instanceof Operation itself ? itself : notNull(op, what).op();
        return operation(operation, what);
    }

    /** As {@link #operation(Op, String)}. */
    public static GraphOperation operation(Operation operation, String what) {
        if (!(notNull(operation, what) instanceof GraphOperation ofGraph)) {
            throw new SquisherException(what + " is an eager operation; only graphs are looked into: build the training"
                    + " step with Ops.create(graph) and run it in a Session");
        }
        try {
            graph(ofGraph.env());
        } catch (IllegalStateException e) {
            throw closedGraph(e);
        }
        return ofGraph;
    }

    /**
     * A session of {@code graph}.
     *
     * @throws SquisherException if it is null, or of another graph
     */
    public static Session session(Session session, ExecutionEnvironment graph) {
        notNull(session, "the session");
        if (session.graph() != graph) {
            throw new SquisherException(
                    "the session is of another graph than the one that was attached to; give a session"
                            + " of that graph, or attach to the session's graph");
        }
        return session;
    }

    /**
     * Reads variables in one run.
     *
     * @throws SquisherException if the session is closed or of another graph, or a variable has no value
     */
    public static Result fetch(Session session, List<GraphVariable> variables) {
        if (!variables.isEmpty()) {
            session(session, variables.get(0).operation().env());
        }
        try {
            Session.Runner runner = session.runner();
            variables.forEach(variable -> runner.fetch(variable.value()));
            return runner.run();
        } catch (IllegalStateException e) {
            throw closed(e);
        } catch (TFFailedPreconditionException e) {
            throw new SquisherException(
                    withoutValue(session, variables)
                            + " in this session; call session.initialize() after the last variable was added, or restore a"
                            + " checkpoint",
                    e);
        } catch (TensorFlowException e) {
            throw new SquisherException("TensorFlow cannot read the variables: " + firstLine(e), e);
        }
    }

    /** The refusal of a closed session. */
    public static SquisherException closed(IllegalStateException cause) {
        return new SquisherException("the session is closed; save, read and restore before session.close()", cause);
    }

    private static String withoutValue(Session session, List<GraphVariable> variables) {
        for (GraphVariable variable : variables) {
            try {
                session.runner().fetch(variable.value()).run().close();
            } catch (TFFailedPreconditionException e) {
                return "variable '" + variable.name() + "' has no value";
            }
        }
        return "a variable has no value";
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason is given");
    }
}
