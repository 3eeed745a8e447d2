package io.squisher.apps.plan;

import io.squisher.SquisherException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Collects what is wrong with a plan, so that the user learns of everything at once. */
public final class Problems {
    /** How a message begins that says itself what cannot be done. */
    private static final String COMPLETE = "cannot ";

    private final String task;
    private final List<String> found = new ArrayList<>();

    /**
     * No problems yet.
     *
     * @param task what cannot be done if there are any: {@code cannot merge}
     */
    public Problems(String task) {
        this.task = task;
    }

    /** Adds a complete sentence about one problem, with the way out. */
    public void add(String problem) {
        found.add(problem);
    }

    /** Runs {@code check}; a failure that the user can mend becomes a problem. */
    public void collect(Runnable check) {
        try {
            check.run();
        } catch (SquisherException e) {
            add(e.getMessage());
        }
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Ends the plan if there is a problem.
     *
     * @throws SquisherException with all of them, numbered if they are several, in one line; a single one that says itself what cannot
     *     be done, such as a file that cannot be read, stands alone
     */
    public void throwIfAny() {
        if (found.size() == 1) {
            String only = found.get(0);
            throw new SquisherException(only.startsWith(COMPLETE) ? only : task + ": " + only);
        }
        if (!found.isEmpty()) {
            String numbered = IntStream.range(0, found.size())
                    .mapToObj(i -> "(" + (i + 1) + ") " + found.get(i))
                    .collect(Collectors.joining("; "));
            throw new SquisherException(task + ", " + found.size() + " problems: " + numbered);
        }
    }
}
