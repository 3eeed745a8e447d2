package io.squisher.format.keras;

import io.squisher.internal.gson.JsonObject;
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
 */
record KerasLayers(Map<String, String> paths, boolean inOrder, List<String> untrained) {
    private static final String VARS = "/vars/";

    static KerasLayers of(KerasFile file) {
        // Group of a layer to its variables by number.
        Map<String, TreeMap<Integer, String>> groups = new LinkedHashMap<>();
        for (String path : file.weights().tensors().keySet()) {
            int at = path.lastIndexOf(VARS);
            String number = at < 0 ? "" : path.substring(at + VARS.length());
            if (at > 0 && !path.startsWith("optimizer/") && number.matches("\\d{1,6}")) {
                groups.computeIfAbsent(path.substring(0, at), g -> new TreeMap<>())
                        .put(Integer.valueOf(number), path);
            }
        }
        Map<String, String> layerOfGroup = layerNames(file, groups.keySet());
        KerasLayerOrder order = KerasLayerOrder.of(groups.keySet(), layerOfGroup, file.config());
        Map<String, String> names = groupNames(order.groups(), layerOfGroup);
        Map<String, String> paths = new LinkedHashMap<>();
        List<String> untrained = new ArrayList<>();
        for (String group : order.groups()) {
            Optional<JsonObject> settings = Optional.ofNullable(order.settings().get(group));
            List<String> roles = KerasRoles.of(group, groups.get(group).size(), settings);
            int i = 0;
            for (String path : groups.get(group).values()) {
                String role = roles.get(i++);
                String name = names.get(group) + "/" + role;
                paths.put(name, path);
                if (order.frozen().contains(group) || KerasRoles.isStatistic(group, role)) {
                    untrained.add(name);
                }
            }
        }
        return new KerasLayers(paths, order.isProven(), untrained);
    }

    /** What the model calls the layer of each group, and of each group that has such groups in it. */
    private static Map<String, String> layerNames(KerasFile file, Set<String> groups) {
        Set<String> all = new HashSet<>();
        for (String group : groups) {
            for (int at = group.indexOf('/'); at >= 0; at = group.indexOf('/', at + 1)) {
                all.add(group.substring(0, at));
            }
            all.add(group);
        }
        Map<String, String> names = new HashMap<>();
        for (String group : all) {
            file.weights().attribute(group + "/vars", "name").ifPresent(name -> names.put(group, name));
        }
        return names;
    }

    /** The names of the layers on the way to a group; the way itself where two would be called alike. */
    private static Map<String, String> groupNames(List<String> groups, Map<String, String> layerOfGroup) {
        Map<String, String> names = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (String group : groups) {
            List<String> parts = new ArrayList<>();
            for (int at = group.indexOf('/'); at >= 0; at = group.indexOf('/', at + 1)) {
                Optional.ofNullable(layerOfGroup.get(group.substring(0, at))).ifPresent(parts::add);
            }
            Optional.ofNullable(layerOfGroup.get(group)).ifPresent(parts::add);
            String name = layerOfGroup.containsKey(group) ? String.join("/", parts) : group;
            names.put(group, name);
            counts.merge(name, 1, Integer::sum);
        }
        names.replaceAll((group, name) -> counts.get(name) > 1 ? group : name);
        return names;
    }
}
