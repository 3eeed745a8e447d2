package io.squisher.format.pytorch;

import io.squisher.files.FormatException;
import io.squisher.format.pickle.PickleObject;
import io.squisher.format.pickle.PickleSequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of a saved object that matter: the model's state dict and the optimizer's state. Training programs put them
 * at the top or under names of their own ({@code model}, {@code state_dict}, {@code optimizer_states}), so they are known by
 * what they look like.
 *
 * @param model empty where no dictionary of tensors is the model for sure
 * @param all every tensor by its path
 * @param objects placeholders by their path; what is in them is not looked at
 */
record TorchTree(
        TorchStateDict model,
        Map<String, Map<?, ?>> optimizers,
        Map<String, TorchTensor> all,
        Map<String, PickleObject> objects) {
    /** Objects in objects deeper than this are no checkpoint. */
    private static final int MAX_DEPTH = 8;

    /** Longer names are no names, and nested they would need memory for each tensor. */
    private static final int MAX_NAME = 4096;

    /** Where several dictionaries of tensors are found, one under such a name is the model. */
    private static final List<String> MODEL_NAMES =
            List.of("model_state_dict", "state_dict", "model_state", "model", "module", "net");

    /** More placeholders than these say nothing more. */
    private static final int MOST_OBJECTS = 1000;

    /**
     * The parts of what a file holds.
     *
     * @throws io.squisher.files.FormatException if it holds modules in modules without end
     */
    static TorchTree of(TorchFile file) {
        Search search = new Search();
        try {
            search.visit("", file.root(), 0);
        } catch (IllegalArgumentException e) {
            throw FormatException.bad(file.path(), TorchFile.FORMAT, e.getMessage());
        }
        if (search.optimizers.values().stream().anyMatch(TorchTree::hasState)) {
            search.optimizers.values().removeIf(optimizer -> !hasState(optimizer));
        }
        return new TorchTree(search.model(), search.optimizers, search.all, search.objects);
    }

    /** The placeholder that the model's tensors stand behind, where no model and no tensors were found without it. */
    Optional<PickleObject> hiding() {
        return objects.values().stream()
                .filter(object -> all.isEmpty()
                        || model.isEmpty() && object.state().values().stream().anyMatch(TorchTensor.class::isInstance))
                .findFirst();
    }

    private static boolean hasState(Map<?, ?> optimizer) {
        return optimizer.get("state") instanceof Map<?, ?> state && !state.isEmpty();
    }

    private static final class Search {
        final Map<String, TorchTensor> all = new LinkedHashMap<>();
        final Map<String, PickleObject> objects = new LinkedHashMap<>();
        final Map<String, TorchStateDict> dictionaries = new LinkedHashMap<>();
        final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        final Map<String, Map<?, ?>> optimizers = new LinkedHashMap<>();

        void visit(String path, Object value, int depth) {
            if (value instanceof TorchTensor tensor) {
                all.put(path, tensor);
                return;
            }
            if (value instanceof PickleObject object) {
                visitObject(path, object);
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

        private void visitObject(String path, PickleObject object) {
            if (TorchModule.isOne(object) && seen.add(object)) {
                TorchStateDict module = TorchModule.stateDict(object);
                module.tensors().forEach((name, tensor) -> all.put(join(path, name), tensor));
                dictionaries.put(path, module);
            } else if (objects.size() < MOST_OBJECTS) {
                objects.put(path, object);
            }
        }

        private void visitMap(String path, Map<?, ?> map, int depth) {
            if (isOptimizer(map)) {
                optimizers.put(path, map);
            } else if (TorchStateDict.isOne(map)) {
                dictionaries.put(path, TorchStateDict.of(map));
            }
            map.forEach((key, value) -> {
                String name = key.toString();
                if (!(key instanceof PickleObject) && name.length() <= MAX_NAME) {
                    visit(join(path, name), value, depth + 1);
                }
            });
        }

        private static boolean isOptimizer(Map<?, ?> map) {
            return map.get("state") instanceof Map<?, ?> && map.get("param_groups") instanceof PickleSequence;
        }

        TorchStateDict model() {
            List<String> candidates = new ArrayList<>(dictionaries.keySet());
            candidates.removeIf(path -> path.startsWith("state.") || path.contains(".state."));
            String chosen = candidates.contains("")
                    ? ""
                    : MODEL_NAMES.stream()
                            .filter(candidates::contains)
                            .findFirst()
                            .orElse(candidates.size() == 1 ? candidates.get(0) : null);
            return chosen == null ? new TorchStateDict() : dictionaries.get(chosen);
        }

        private static String join(String path, String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }
}
