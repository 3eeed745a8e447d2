package io.squisher.format.tensorflow;

import io.squisher.files.FormatException;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.proto.tensorflow.TrackableObjectGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the programs called the variables whose keys in an object-based checkpoint are paths through objects. */
final class ObjectNames {
    static final String VALUE = "/.ATTRIBUTES/VARIABLE_VALUE";

    private static final String GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";

    /** Parts of a path write a full stop as two, and a slash as {@code .S}; other full stops stand for themselves. */
    private static final Pattern ESCAPE = Pattern.compile("\\.([.S])");

    private final Map<String, String> names = new HashMap<>();
    private final List<NumberedVariables> optimizers = new ArrayList<>();

    private ObjectNames() {}

    /** The names in a checkpoint's object graph; none if it has no such graph. */
    static ObjectNames of(BundleFile file) {
        ObjectNames all = new ObjectNames();
        if (!file.entries().containsKey(GRAPH)) {
            return all;
        }
        List<byte[]> graph = file.strings(GRAPH);
        try {
            for (byte[] bytes : graph) {
                TrackableObjectGraph parsed = TrackableObjectGraph.parseFrom(bytes);
                parsed.getNodesList().forEach(node -> node.getAttributesList()
                        .forEach(attribute -> all.names.put(attribute.getCheckpointKey(), attribute.getFullName())));
                all.optimizers.addAll(NumberedVariables.of(parsed));
            }
        } catch (InvalidProtocolBufferException e) {
            throw FormatException.bad(file.path(), BundleFile.FORMAT, "its object graph is damaged");
        }
        return all;
    }

    /** Optimizers that number their variables. */
    List<NumberedVariables> optimizers() {
        return optimizers;
    }

    /** Whether a key is that of something of an optimizer that numbers its variables. */
    boolean isOptimizers(String key) {
        return optimizers.stream().anyMatch(optimizer -> optimizer.owns(key));
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** The name in the program of the variable stored under {@code key}; the object's path if the graph does not say. */
    String name(String key) {
        String name = names.getOrDefault(key, "");
        return name.isEmpty() ? path(key) : name;
    }

    /** The path of the object that a key belongs to, with the escapes of its parts undone. */
    static String path(String key) {
        String path = key.endsWith(VALUE) ? key.substring(0, key.length() - VALUE.length()) : key;
        return ESCAPE.matcher(path).replaceAll(escape -> escape.group(1).equals("S") ? "/" : ".");
    }

    /** Whether names differ where keys do: layers of two models may have equal names. */
    boolean areUnique(Set<String> keys) {
        Set<String> seen = new HashSet<>();
        return keys.stream().allMatch(key -> seen.add(name(key)));
    }
}
