package io.squisher.tf.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * A graph with the bodies of functions in place of their calls. Python writes every SavedModel as calls of functions. The
 * operations of a body are called {@code call/name}; the call itself becomes an IdentityN of its name, so that its outputs
 * keep theirs. Control inputs are left out, since an export looks at values alone.
 */
final class InlinedFunctions {
    private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");

    private final Map<String, FunctionDef> functions = new HashMap<>();
    private final GraphDef.Builder inlined = GraphDef.newBuilder();

    private InlinedFunctions(GraphDef graph) {
        graph.getLibrary()
                .getFunctionList()
                .forEach(function -> functions.put(function.getSignature().getName(), function));
        graph.getNodeList().forEach(this::add);
        // Control flow names functions, too; it is imported so that it can be reported.
        inlined.setLibrary(graph.getLibrary()).setVersions(graph.getVersions());
    }

    /** Whether a graph calls functions. */
    static boolean areCalledIn(Graph graph) {
        for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
            if (CALLS.contains(all.next().type())) {
                return true;
            }
        }
        return false;
    }

    /** A new graph without calls. Its variables are those of {@code graph} by name, without values. */
    static Graph of(Graph graph) {
        Graph inlined = new Graph();
        inlined.importGraphDef(new InlinedFunctions(graph.toGraphDef()).inlined.build());
        return inlined;
    }

    private void add(NodeDef node) {
        if (CALLS.contains(node.getOp())) {
            String called = node.getAttrOrThrow("f").getFunc().getName();
            inline(node, functions.get(called));
        } else {
            inlined.addNode(node.toBuilder().clearInput().addAllInput(values(node)));
        }
    }

    /** Inputs without those that say only what runs before. */
    private static List<String> values(NodeDef node) {
        return node.getInputList().stream()
                .filter(input -> !input.startsWith("^"))
                .toList();
    }

    private void inline(NodeDef call, FunctionDef function) {
        Body body = new Body(call, function);
        for (NodeDef node : function.getNodeDefList()) {
            NodeDef.Builder copy = node.toBuilder().setName(body.nameOf(node)).clearInput();
            values(node).forEach(input -> copy.addInput(body.resolve(input)));
            add(copy.build());
        }
        NodeDef.Builder result =
                NodeDef.newBuilder().setName(call.getName()).setOp("IdentityN").setDevice(call.getDevice());
        AttrValue.ListValue.Builder types = AttrValue.ListValue.newBuilder();
        for (OpDef.ArgDef output : function.getSignature().getOutputArgList()) {
            result.addInput(body.resolve(function.getRetOrThrow(output.getName())));
            types.addType(output.getType());
        }
        if (types.getTypeCount() > 0) {
            inlined.addNode(
                    result.putAttr("T", AttrValue.newBuilder().setList(types).build()));
        }
    }

    /** What the inputs within a function's body are called where it is put. */
    private static final class Body {
        private final NodeDef call;
        private final Map<String, String> arguments = new HashMap<>();
        private final Map<String, NodeDef> nodes = new HashMap<>();

        Body(NodeDef call, FunctionDef function) {
            this.call = call;
            List<String> given = new ArrayList<>(values(call));
            for (int i = 0; i < given.size(); i++) {
                arguments.put(function.getSignature().getInputArg(i).getName(), given.get(i));
            }
            function.getNodeDefList().forEach(node -> nodes.put(node.getName(), node));
        }

        String nameOf(NodeDef node) {
            return call.getName() + "/" + node.getName();
        }

        /** From an argument's name, or {@code node:output:index}, where outputs have names and may be lists. */
        String resolve(String input) {
            String[] parts = input.split(":");
            if (parts.length < 3) {
                return arguments.get(parts[0]);
            }
            NodeDef node = nodes.get(parts[0]);
            return nameOf(node) + ":" + (OutputLists.first(node, parts[1]) + Integer.parseInt(parts[2]));
        }
    }
}
