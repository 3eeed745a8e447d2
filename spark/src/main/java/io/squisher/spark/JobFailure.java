package io.squisher.spark;

import io.squisher.SquisherException;
import java.util.ArrayList;
import java.util.List;

/** Says in one line why Spark failed: its own messages hold the stack traces of other machines. */
public final class JobFailure {
    private static final int LONGEST = 600;

    private JobFailure() {}

    /** Ours as it is; of others the first and the last cause. */
    public static SquisherException of(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable at = failure; at != null && !causes.contains(at); at = at.getCause()) {
            causes.add(at);
        }
        for (Throwable cause : causes) {
            if (cause instanceof SquisherException ours) {
                return ours;
            }
        }
        String first = line(failure);
        String last = line(causes.get(causes.size() - 1));
        String hint = first.contains("exited with code 52") || last.contains("OutOfMemoryError")
                ? "; an executor ran out of memory: raise spark.executor.memory"
                : "";
        return new SquisherException(
                "Spark could not do it: " + first + (first.contains(last) ? "" : ": " + last) + hint, failure);
    }

    private static String line(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).strip();
        int end = message.indexOf('\n');
        String first = end < 0 ? message : message.substring(0, end);
        String named = failure.getMessage() == null ? failure.getClass().getName() : first;
        return named.length() > LONGEST ? named.substring(0, LONGEST) + " …" : named;
    }
}
