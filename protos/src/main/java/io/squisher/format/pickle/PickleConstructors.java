package io.squisher.format.pickle;

import java.util.List;

/** What the names in a pickle stand for. */
public interface PickleConstructors {
    /** Whether the name stands for something here; calling any other makes a {@link PickleObject}. */
    boolean knows(PickleGlobal global);

    /**
     * What {@code global}, which is known, makes of {@code arguments}.
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
