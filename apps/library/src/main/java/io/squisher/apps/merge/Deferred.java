package io.squisher.apps.merge;

import java.util.function.Supplier;

/**
 * A value that is made when somebody first asks for it, once for all threads. What needs a pass over tensors is deferred,
 * so that a plan and a dry run read none.
 */
final class Deferred<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private T value;

    Deferred(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        if (value == null) {
            value = maker.get();
        }
        return value;
    }
}
