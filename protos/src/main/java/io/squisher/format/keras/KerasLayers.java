package io.squisher.format.keras;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Names for the numbered variables of a {@code .weights.h5}, in the order of the model's layers where that is known.
 *
 * @param paths dataset by name: {@code dense_1/kernel} to {@code layers/dense/vars/0}
 * @param inOrder whether the names stand in the order of the model's variables: all weights are in layers of the list in
 *     the settings
 * @param untrained names of what is measured or not trained
 * @param metrics names of what metrics count
 */
record KerasLayers(Map<String, String> paths, boolean inOrder, Set<String> untrained, Set<String> metrics) {
    private static final String VARS = "/vars/";

    static KerasLayers of(KerasFile file) {
        // Group of a layer to its variables by number.
        Map<String, TreeMap<Integer, String>> variables = new LinkedHashMap<>();
        for (String path : file.weights().tensors().keySet()) {
            int at = path.lastIndexOf(VARS);
            String number = at < 0 ? "" : path.substring(at + VARS.length());
            if (at > 0 && !path.startsWith("optimizer/") && number.matches("\\d{1,6}")) {
                variables
                        .computeIfAbsent(path.substring(0, at), g -> new TreeMap<>())
                        .put(Integer.valueOf(number), path);
            }
        }
        KerasGroups groups = KerasGroups.of(variables.keySet(), file.weights());
        KerasLayerOrder order = KerasLayerOrder.of(groups, file.config());
        Map<String, String> names = groupNames(order);
        KerasLayers layers = new KerasLayers(new LinkedHashMap<>(), order.isProven(), new HashSet<>(), new HashSet<>());
        order.places().forEach((group, place) -> {
            List<String> roles =
                    KerasRoles.of(place.kind(), variables.get(group).size(), place.settings());
            int i = 0;
            for (String path : variables.get(group).values()) {
                String role = roles.get(i++);
                String name = names.get(group) + "/" + role;
                layers.paths().put(name, path);
                if (KerasRoles.isMetric(group)) {
                    layers.metrics().add(name);
                } else if (place.isFrozen() || KerasRoles.isStatistic(place.kind(), role)) {
                    layers.untrained().add(name);
                }
            }
        });
        return layers;
    }

    /** The names of the layers on the way to a group; the way itself where two would be called alike. */
    private static Map<String, String> groupNames(KerasLayerOrder order) {
        Map<String, String> names = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (String group : order.places().keySet()) {
            List<String> parts = new ArrayList<>();
            for (int at = group.indexOf('/'); at >= 0; at = group.indexOf('/', at + 1)) {
                Optional.ofNullable(order.names().get(group.substring(0, at))).ifPresent(parts::add);
            }
            Optional.ofNullable(order.names().get(group)).ifPresent(parts::add);
            String name = order.names().containsKey(group) ? String.join("/", parts) : group;
            names.put(group, name);
            counts.merge(name, 1, Integer::sum);
        }
        names.replaceAll((group, name) -> counts.get(name) > 1 ? group : name);
        return names;
    }
}
