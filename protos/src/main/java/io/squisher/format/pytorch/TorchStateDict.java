package io.squisher.format.pytorch;

import io.squisher.format.pickle.PickleGlobal;
import io.squisher.format.pickle.PickleObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A model's tensors by name, in its order; which of them are buffers, where the file says so; and which cannot be read. */
final class TorchStateDict {
    private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    private final Set<String> buffers = new LinkedHashSet<>();
    private final Map<String, PickleGlobal> unread = new LinkedHashMap<>();

    /** A dictionary's tensors. */
    static TorchStateDict of(Map<?, ?> map) {
        TorchStateDict dict = new TorchStateDict();
        map.forEach((key, value) -> dict.parameter((String) key, value));
        return dict;
    }

    /** Whether a dictionary looks like one: tensors under names, and little beside them. */
    static boolean isOne(Map<?, ?> map) {
        long tensors =
                map.values().stream().filter(TorchTensor.class::isInstance).count();
        long unread = map.values().stream().filter(TorchStateDict::isUnread).count();
        return tensors > 0
                && (tensors + unread) * 2 >= map.size()
                && map.keySet().stream().allMatch(String.class::isInstance);
    }

    /** Placeholders of tensors: of elements that are no numbers that we know, or of subclasses with an inside of their own. */
    private static boolean isUnread(Object value) {
        return value instanceof PickleObject object && object.type().module().startsWith("torch");
    }

    void parameter(String name, Object value) {
        if (value instanceof TorchTensor tensor) {
            tensors.put(name, tensor);
        } else if (isUnread(value)) {
            unread.put(name, ((PickleObject) value).type());
        }
    }

    void buffer(String name, Object value) {
        parameter(name, value);
        buffers.add(name);
    }

    boolean isEmpty() {
        return tensors.isEmpty();
    }

    Map<String, TorchTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Names that are no parameters. */
    Set<String> buffers() {
        return Collections.unmodifiableSet(buffers);
    }

    /** The types of tensors that cannot be read, by name. */
    Map<String, PickleGlobal> unread() {
        return Collections.unmodifiableMap(unread);
    }
}
