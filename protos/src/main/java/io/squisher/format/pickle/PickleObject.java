package io.squisher.format.pickle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A placeholder for what a pickle would make of a class or function that means nothing here: its name, and what it was given, as
 * data. It is inert: nothing was imported or called. Compared by identity, since its state may contain it.
 */
public final class PickleObject {
    /** Functions whose first argument is the class of which they make an object. */
    private static final Set<String> MAKERS =
            Set.of("copyreg._reconstructor", "copy_reg._reconstructor", "copyreg.__newobj__", "copyreg.__newobj_ex__");

    private final PickleGlobal type;
    private final List<Object> arguments;
    private final Map<Object, Object> state = new LinkedHashMap<>();
    private Object otherState;

    /**
     * A placeholder.
     *
     * @param arguments kept, not copied
     */
    public PickleObject(PickleGlobal type, List<Object> arguments) {
        this.type = type;
        this.arguments = arguments;
    }

    /**
     * The placeholder for a call.
     *
     * @param callable a name, or a placeholder for what a name would have made
     * @throws IllegalArgumentException if it is a plain value, which nothing can call
     */
    static PickleObject of(Object callable, List<Object> arguments) {
        if (callable instanceof PickleObject object) {
            return new PickleObject(object.type, arguments);
        }
        if (!(callable instanceof PickleGlobal global)) {
            throw new IllegalArgumentException("it calls something that is no class or function");
        }
        boolean maker = MAKERS.contains(global.toString()) && !arguments.isEmpty();
        return maker && arguments.get(0) instanceof PickleGlobal made
                ? new PickleObject(made, arguments.subList(1, arguments.size()))
                : new PickleObject(global, arguments);
    }

    /** The class or function that it stands for. */
    public PickleGlobal type() {
        return type;
    }

    /** What the class or function would have been called with. */
    public List<Object> arguments() {
        return arguments;
    }

    /** Attributes by name, and entries of a dictionary's subclass. */
    public Map<Object, Object> state() {
        return state;
    }

    /** A state that is no dictionary of attributes, as some classes make; null without one. */
    public Object otherState() {
        return otherState;
    }

    void setOtherState(Object value) {
        this.otherState = value;
    }

    @Override
    public String toString() {
        return "an object of '" + type + "'";
    }
}
