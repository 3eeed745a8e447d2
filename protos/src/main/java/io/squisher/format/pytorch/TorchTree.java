package io.squisher.format.pytorch;

import io.squisher.format.pickle.PickleSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parts of a saved object that matter: the model's state dict and the optimizer's state. Training programs put them
 * at the top or under names of their own ({@code model}, {@code state_dict}, {@code optimizer_states}), so they are known by
 * what they look like.
 */
record TorchTree(Map<String, TorchTensor> weights, Map<String, Map<?, ?>> optimizers, Map<String, TorchTensor> all) {
    /** Objects in objects deeper than this are no checkpoint. */
    private static final int MAX_DEPTH = 8;

    /** Longer names are no names, and nested they would need memory for each tensor. */
    private static final int MAX_NAME = 4096;

    /** Where several dictionaries of tensors are found, one under such a name is the model. */
    private static final List<String> MODEL_NAMES =
            List.of("model_state_dict", "state_dict", "model_state", "model", "module", "net");

    static TorchTree of(Object root) {
        Search search = new Search();
        search.visit("", root, 0);
        if (search.optimizers.values().stream().anyMatch(TorchTree::hasState)) {
            search.optimizers.values().removeIf(optimizer -> !hasState(optimizer));
        }
        return new TorchTree(search.model(), search.optimizers, search.all);
    }

    private static boolean hasState(Map<?, ?> optimizer) {
        return optimizer.get("state") instanceof Map<?, ?> state && !state.isEmpty();
    }

    private static final class Search {
        final Map<String, TorchTensor> all = new LinkedHashMap<>();
        final Map<String, Map<?, ?>> dictionaries = new LinkedHashMap<>();
        final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        final Map<String, Map<?, ?>> optimizers = new LinkedHashMap<>();

        void visit(String path, Object value, int depth) {
            if (value instanceof TorchTensor tensor) {
                all.put(path, tensor);
                return;
            }
            boolean container = value instanceof Map<?, ?> || value instanceof PickleSequence;
            if (!container || depth > MAX_DEPTH || path.length() > MAX_NAME || !seen.add(value)) {
                return;
            }
            if (value instanceof Map<?, ?> map) {
                visitMap(path, map, depth);
            } else {
                List<Object> items = ((PickleSequence) value).items();
                for (int i = 0; i < items.size(); i++) {
                    visit(join(path, Integer.toString(i)), items.get(i), depth + 1);
                }
            }
        }

        private void visitMap(String path, Map<?, ?> map, int depth) {
            if (isOptimizer(map)) {
                optimizers.put(path, map);
            } else if (isStateDict(map)) {
                dictionaries.put(path, map);
            }
            map.forEach((key, value) -> {
                String name = key.toString();
                if (name.length() <= MAX_NAME) {
                    visit(join(path, name), value, depth + 1);
                }
            });
        }

        private static boolean isOptimizer(Map<?, ?> map) {
            return map.get("state") instanceof Map<?, ?> && map.get("param_groups") instanceof PickleSequence;
        }

        private static boolean isStateDict(Map<?, ?> map) {
            long tensors =
                    map.values().stream().filter(TorchTensor.class::isInstance).count();
            return tensors > 0
                    && tensors * 2 >= map.size()
                    && map.keySet().stream().allMatch(String.class::isInstance);
        }

        Map<String, TorchTensor> model() {
            List<String> candidates = new ArrayList<>(dictionaries.keySet());
            candidates.removeIf(path -> path.startsWith("state.") || path.contains(".state."));
            String chosen = candidates.contains("")
                    ? ""
                    : MODEL_NAMES.stream()
                            .filter(candidates::contains)
                            .findFirst()
                            .orElse(candidates.size() == 1 ? candidates.get(0) : null);
            Map<String, TorchTensor> weights = new LinkedHashMap<>();
            if (chosen != null) {
                dictionaries.get(chosen).forEach((key, value) -> {
                    if (value instanceof TorchTensor tensor) {
                        weights.put((String) key, tensor);
                    }
                });
            }
            return weights;
        }

        private static String join(String path, String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }
}
