package io.squisher.format.pickle;

import java.util.List;

/** What the names in a pickle stand for. */
public interface PickleConstructors {
    /** Whether the name may be used at all. */
    boolean allows(PickleGlobal global);

    /**
     * The value of calling {@code global} with {@code arguments}.
     *
     * @throws IllegalArgumentException if the arguments make no sense
     */
    Object construct(PickleGlobal global, List<Object> arguments);

    /**
     * The value that stands outside the pickle under {@code id}.
     *
     * @throws IllegalArgumentException if the id makes no sense
     */
    Object persistent(Object id);
}
