package io.squisher.format.pytorch;

import io.squisher.format.pickle.PickleObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole module, as {@code torch.save(model)} writes it: an object of a class that is the training program's. Whatever the class,
 * PyTorch's {@code Module} keeps {@code _parameters}, {@code _buffers} and {@code _modules} as attributes, and a state dict is made of
 * them: each module's parameters, its buffers, then its modules in the order in which they were set.
 */
final class TorchModule {
    /** Modules in modules deeper than this are no network. */
    private static final int MAX_DEPTH = 64;

    /** A module that stands in several places counts in each; nested, a few bytes would name millions. */
    private static final int MOST_MODULES = 100_000;

    private static final long MOST_CHARACTERS = 32 << 20;

    private final TorchStateDict dict = new TorchStateDict();
    private int modules;
    private long characters;

    private TorchModule() {}

    static boolean isOne(Object value) {
        return value instanceof PickleObject object
                && object.state().get("_parameters") instanceof Map<?, ?>
                && object.state().get("_modules") instanceof Map<?, ?>;
    }

    /**
     * What its {@code state_dict()} would give.
     *
     * @throws IllegalArgumentException if modules are nested without end
     */
    static TorchStateDict stateDict(Object module) {
        TorchModule reader = new TorchModule();
        reader.add("", (PickleObject) module, 0);
        return reader.dict;
    }

    private void add(String prefix, PickleObject module, int depth) {
        if (depth > MAX_DEPTH || ++modules > MOST_MODULES) {
            throw new IllegalArgumentException("modules in modules without end");
        }
        tensors(module, "_parameters").forEach((name, tensor) -> dict.parameter(named(prefix, name), tensor));
        tensors(module, "_buffers").forEach((name, tensor) -> {
            if (!isTemporary(module, name)) {
                dict.buffer(named(prefix, name), tensor);
            }
        });
        tensors(module, "_modules").forEach((name, inner) -> {
            if (isOne(inner)) {
                add(named(prefix, name) + ".", (PickleObject) inner, depth + 1);
            }
        });
    }

    private static boolean isTemporary(PickleObject module, String name) {
        return TorchConstructors.listOf(module.state().get("_non_persistent_buffers_set"))
                .contains(name);
    }

    private static Map<String, Object> tensors(PickleObject module, String attribute) {
        Map<String, Object> named = new LinkedHashMap<>();
        if (module.state().get(attribute) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key instanceof String name) {
                    named.put(name, value);
                }
            });
        }
        return named;
    }

    private String named(String prefix, String name) {
        characters += prefix.length() + name.length();
        if (characters > MOST_CHARACTERS) {
            throw new IllegalArgumentException("names of modules without end");
        }
        return prefix + name;
    }
}
