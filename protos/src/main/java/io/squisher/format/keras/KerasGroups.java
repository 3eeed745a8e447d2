package io.squisher.format.keras;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The groups of a {@code .weights.h5} that hold variables, and those on the way to them.
 *
 * @param holders groups with variables of their own
 * @param all those and the groups that they are in
 * @param names what the file says that the model calls the layer of a group: Keras writes that since 3.6
 */
record KerasGroups(Set<String> holders, Set<String> all, Map<String, String> names) {
    /** Keras 2.12 and 2.13 name the layers of a model by a list in which those with weights stand twice. */
    private static final String TWICE = "_layer_checkpoint_dependencies/";

    /**
     * Groups of layers by the layer's position in a list.
     *
     * @param isUnique whether no layer has several
     */
    record Found(Map<Integer, String> groups, boolean isUnique) {}

    static KerasGroups of(Set<String> holders, KerasStore store) {
        Set<String> all = new TreeSet<>(holders);
        for (String group : holders) {
            for (int at = group.indexOf('/'); at >= 0; at = group.indexOf('/', at + 1)) {
                all.add(group.substring(0, at));
            }
        }
        Map<String, String> names = new HashMap<>();
        for (String group : all) {
            store.attribute(group + "/vars", "name").ifPresent(name -> names.put(group, name));
        }
        return new KerasGroups(holders, all, names);
    }

    /** The groups right in a container. */
    Set<String> in(String container) {
        return all.stream()
                .filter(group -> group.startsWith(container) && group.indexOf('/', container.length()) < 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The groups of {@code layers} in a container: by their names, or where it has none by their classes, which are numbered in the
     * order of the layers.
     */
    Found find(String container, List<KerasLayer> layers) {
        Set<String> inside = in(container);
        return inside.stream().anyMatch(names::containsKey)
                ? named(inside, layers)
                : numbered(container, inside, layers);
    }

    private Found named(Set<String> inside, List<KerasLayer> layers) {
        Map<Integer, String> found = new LinkedHashMap<>();
        boolean unique = true;
        for (int i = 0; i < layers.size(); i++) {
            for (String group : inside) {
                if (layers.get(i).name().equals(names.get(group))) {
                    unique &= found.put(i, group) == null;
                }
            }
        }
        return new Found(found, unique);
    }

    private Found numbered(String container, Set<String> inside, List<KerasLayer> layers) {
        Map<Integer, String> first = numbered(container, layers, KerasClassNames::snake);
        if (!first.values().containsAll(inside)) {
            Map<Integer, String> older = numbered(container, layers, className -> {
                List<String> ways = KerasClassNames.snakes(className);
                return ways.get(ways.size() - 1);
            });
            if (older.values().containsAll(inside)) {
                return new Found(older, true);
            }
        }
        return new Found(first, true);
    }

    private Map<Integer, String> numbered(String container, List<KerasLayer> layers, UnaryOperator<String> snake) {
        Map<Integer, String> found = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            String stem = snake.apply(layers.get(i).className());
            int count = counts.getOrDefault(stem, 0);
            String group = container + stem + (count == 0 ? "" : "_" + count);
            if (all.contains(group)) {
                found.put(i, group);
            }
            counts.put(stem, count + (container.endsWith(TWICE) && all.contains(group) ? 2 : 1));
        }
        return found;
    }
}
