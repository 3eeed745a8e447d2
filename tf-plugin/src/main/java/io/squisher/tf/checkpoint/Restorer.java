package io.squisher.tf.checkpoint;

import io.squisher.SquisherException;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.tensor.Shape;
import io.squisher.tf.graph.ElementTypes;
import io.squisher.tf.graph.Given;
import io.squisher.tf.graph.GraphVariable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TString;

/** Puts a checkpoint's values into a session's variables, by reference and by resource, and nothing if one does not fit. */
final class Restorer {
    private final Placeholder<TString> prefix;
    private final List<GraphVariable> variables;
    private final List<GraphOperation> assignments = new ArrayList<>();

    /** Adds the operations that restore all variables that {@code graph} has now. */
    Restorer(Graph graph) {
        this.variables = GraphVariable.all(graph);
        Ops tf = Ops.create(graph).withSubScope("squisher");
        this.prefix = tf.placeholder(TString.class, Placeholder.shape(org.tensorflow.ndarray.Shape.scalar()));
        String[] names = variables.stream().map(GraphVariable::name).toArray(String[]::new);
        String[] whole = new String[names.length];
        Arrays.fill(whole, "");
        GraphOperation read = graph.opBuilder("RestoreV2", free(graph, "squisher/restore"), graph.baseScope())
                .addInput(prefix.asOutput())
                .addInput(tf.array(names).asOutput())
                .addInput(tf.array(whole).asOutput())
                .setAttr("dtypes", variables.stream().map(Restorer::type).toArray(DataType[]::new))
                .build();
        for (int i = 0; i < variables.size(); i++) {
            assignments.add(assign(graph, variables.get(i), read.output(i)));
        }
    }

    private static GraphOperation assign(Graph graph, GraphVariable variable, Output<?> value) {
        String type = variable.isResource() ? "AssignVariableOp" : "Assign";
        GraphOperation operation = variable.operation();
        return graph.opBuilder(type, free(graph, "squisher/" + variable.name() + "/restore"), graph.baseScope())
                .addInput(operation.output(0))
                .addInput(value)
                .build();
    }

    private static DataType type(GraphVariable variable) {
        return variable.operation().attributes().getAttrType("dtype");
    }

    private static String free(Graph graph, String name) {
        String free = name;
        for (int i = 1; graph.operation(free) != null; i++) {
            free = name + "_" + i;
        }
        return free;
    }

    /** Whether the graph has no other variables than when this was made. */
    boolean isUpToDate(Graph graph) {
        return GraphVariable.all(graph).equals(variables);
    }

    /**
     * Restores all variables.
     *
     * @throws SquisherException naming every variable that the checkpoint lacks or has in another shape or type
     */
    void restore(Session session, Path checkpoint) {
        try (BundleFile file = BundleFile.open(checkpoint)) {
            check(file);
            file.verify();
        }
        try (TString path = TString.scalarOf(checkpoint.toString())) {
            session.initialize();
            Session.Runner runner = session.runner().feed(prefix, path);
            assignments.forEach(runner::addTarget);
            runner.run().close();
        } catch (IllegalStateException e) {
            throw Given.closed(e);
        }
    }

    private void check(BundleFile file) {
        List<String> problems = new ArrayList<>();
        for (GraphVariable variable : variables) {
            String name = variable.name();
            if (!file.names().contains(name)) {
                problems.add("'" + name + "' is missing");
                continue;
            }
            String expected = ElementTypes.of(type(variable), name)
                    + Shape.of(variable.operation()
                                    .attributes()
                                    .getAttrShape("shape")
                                    .asArray())
                            .toString();
            String seen = file.tensor(name).type() + file.tensor(name).shape().toString();
            if (!seen.equals(expected)) {
                problems.add("'" + name + "' is " + seen + ", the graph's is " + expected);
            }
        }
        if (!problems.isEmpty()) {
            throw new SquisherException("cannot restore '" + file.path() + "' into this graph: "
                    + String.join(", ", problems) + "; restore into the graph that was saved");
        }
    }
}
