package io.squisher.format.pickle;

import java.util.LinkedHashMap;
import java.util.Map;

/** An object of a class that is known to be harmless and of no interest: its name, and its state as data. */
public final class PickleObject {
    private final PickleGlobal type;
    private final Map<Object, Object> state = new LinkedHashMap<>();

    public PickleObject(PickleGlobal type) {
        this.type = type;
    }

    public PickleGlobal type() {
        return type;
    }

    /** Attributes by name. */
    public Map<Object, Object> state() {
        return state;
    }
}
