package io.squisher.format.tensorflow;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Slot;
import io.squisher.format.tensorflow.bundle.BundleFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The variable of a slot. TensorFlow 1 puts the scope in which a program called {@code minimize()} before the variable's name:
 * {@code train/net/kernel/Adam_1} is a slot of {@code net/kernel}.
 */
final class SlotVariables {
    /** Parts of a partitioned variable; under a scope TensorFlow cuts the name in the wrong place. */
    private static final String PART = "(.+)/p?a?r?t?_\\d+";

    private final BundleFile file;

    SlotVariables(BundleFile file) {
        this.file = file;
    }

    /**
     * The slots that follow a convention.
     *
     * @throws SquisherException if a slot may be one of several variables
     */
    List<Slot> slots(SlotConvention convention) {
        Map<String, Map<String, String>> candidates = new LinkedHashMap<>();
        for (String key : file.names()) {
            if (key.endsWith(convention.suffix())) {
                String stem =
                        key.substring(0, key.length() - convention.suffix().length());
                boolean complete =
                        convention.companion().isEmpty() || file.names().contains(stem + convention.companion());
                Map<String, String> variables = complete ? candidates(stem, key) : Map.of();
                if (!variables.isEmpty()) {
                    candidates.put(key, variables);
                }
            }
        }
        Set<String> scopes = common(candidates.values());
        List<Slot> slots = new ArrayList<>();
        candidates.forEach((key, variables) -> {
            if (scopes.size() > 1 || scopes.isEmpty() && variables.size() > 1) {
                throw new SquisherException("cannot convert '" + file.path() + "': '" + key
                        + "' may be a slot of each of '" + String.join("', '", new TreeSet<>(variables.values()))
                        + "', since the scope of minimize() stands before a variable's name; call minimize() outside of"
                        + " the scopes of variables");
            }
            String scope = scopes.isEmpty()
                    ? variables.keySet().iterator().next()
                    : scopes.iterator().next();
            slots.add(Slot.named(variables.get(scope), file.tensor(key)));
        });
        return slots;
    }

    /** The scopes that fit all slots. One call of {@code minimize()} has one scope; of several each slot has its own. */
    private static Set<String> common(Iterable<Map<String, String>> candidates) {
        Set<String> common = null;
        for (Map<String, String> variables : candidates) {
            if (common == null) {
                common = new TreeSet<>(variables.keySet());
            } else {
                common.retainAll(variables.keySet());
            }
        }
        return common == null ? Set.of() : common;
    }

    /** Variables of the slot's shape, by the scope before them. */
    private Map<String, String> candidates(String stem, String key) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (int at = 0; at >= 0; at = next(stem, at)) {
            String variable = stem.substring(at);
            if (file.names().contains(variable)
                    && file.tensor(variable).shape().equals(file.tensor(key).shape())) {
                variables.put(stem.substring(0, at), variable);
            }
        }
        return variables;
    }

    private static int next(String stem, int at) {
        int slash = stem.indexOf('/', at);
        return slash < 0 || slash + 1 == stem.length() ? -1 : slash + 1;
    }

    /** Whether a variable's name, perhaps after a scope, is {@code stem}. */
    static boolean isVariable(String stem, Set<String> names) {
        for (int at = 0; at >= 0; at = next(stem, at)) {
            if (names.contains(stem.substring(at))) {
                return true;
            }
        }
        return false;
    }

    /** The partitioned variable of which {@code stem} is a part. */
    static Optional<String> partitioned(String stem, Set<String> names) {
        String whole = stem.matches(PART) ? stem.replaceFirst(PART, "$1") : "";
        return !whole.isEmpty() && isVariable(whole, names) ? Optional.of(whole) : Optional.empty();
    }
}
