package io.squisher.format.tensorflow;

import io.squisher.proto.tensorflow.TrackableObjectGraph;
import io.squisher.proto.tensorflow.TrackableObjectGraph.TrackableObject;
import io.squisher.proto.tensorflow.TrackableObjectGraph.TrackableObject.ObjectReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An optimizer of Keras 3 in an object graph, which has a list of the parameters that it trains and a list of its own variables.
 * Its slots of one kind stand in the order of its parameters.
 *
 * @param parameters keys of the trained parameters in order; empty texts for those that are stored nowhere
 * @param variables keys of its own variables in order
 */
record NumberedVariables(List<String> parameters, List<String> variables) {
    private static final Pattern NUMBERED = Pattern.compile("(.+)/_variables/\\d+" + Pattern.quote(ObjectNames.VALUE));

    /** The path that a program gave to the optimizer, {@code optimizer} mostly: what comes before the numbers. */
    static Optional<String> optimizer(String key) {
        Matcher numbered = NUMBERED.matcher(key);
        return numbered.matches() ? Optional.of(numbered.group(1)) : Optional.empty();
    }

    /** Whether a key is that of something of this optimizer; the parameters that it trains are not. */
    boolean owns(String key) {
        return variables.stream()
                .flatMap(variable -> optimizer(variable).stream())
                .distinct()
                .anyMatch(path -> key.startsWith(path + "/") && !key.startsWith(path + "/_trainable_variables/"));
    }

    static List<NumberedVariables> of(TrackableObjectGraph graph) {
        List<NumberedVariables> all = new ArrayList<>();
        for (TrackableObject node : graph.getNodesList()) {
            List<String> parameters = keys(graph, node, "_trainable_variables");
            List<String> variables = keys(graph, node, "_variables");
            if (!parameters.isEmpty() && !variables.isEmpty()) {
                all.add(new NumberedVariables(parameters, variables));
            }
        }
        return all;
    }

    private static List<String> keys(TrackableObjectGraph graph, TrackableObject owner, String list) {
        TreeMap<Integer, String> keys = new TreeMap<>();
        for (ObjectReference child : owner.getChildrenList()) {
            if (child.getLocalName().equals(list) && isNode(graph, child)) {
                for (ObjectReference item : graph.getNodes(child.getNodeId()).getChildrenList()) {
                    if (item.getLocalName().matches("\\d{1,6}") && isNode(graph, item)) {
                        TrackableObject variable = graph.getNodes(item.getNodeId());
                        keys.put(
                                Integer.valueOf(item.getLocalName()),
                                variable.getAttributesCount() == 0
                                        ? ""
                                        : variable.getAttributes(0).getCheckpointKey());
                    }
                }
            }
        }
        return List.copyOf(keys.values());
    }

    private static boolean isNode(TrackableObjectGraph graph, ObjectReference reference) {
        return reference.getNodeId() >= 0 && reference.getNodeId() < graph.getNodesCount();
    }
}
