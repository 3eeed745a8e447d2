package io.squisher.format.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A list, tuple or set. Compared by identity: a hostile list may contain itself, and comparing it by content would never
 * end.
 */
public final class PickleSequence {
    private final List<Object> items;

    public PickleSequence(List<Object> items) {
        this.items = new ArrayList<>(items);
    }

    public List<Object> items() {
        return Collections.unmodifiableList(items);
    }

    void add(Object item) {
        items.add(item);
    }
}
