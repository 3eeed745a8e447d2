package io.squisher.spark;

import io.squisher.SquisherException;
import org.apache.hadoop.fs.Path;

/** Addresses of Hadoop's file systems, and what goes wrong there, in words. */
final class HadoopFiles {
    private HadoopFiles() {}

    /**
     * @param what it is the address of
     * @throws SquisherException if it is none
     */
    static Path path(String address, String what) {
        try {
            return new Path(address);
        } catch (IllegalArgumentException e) {
            throw new SquisherException("'" + address + "' is no address of " + what + ": " + reason(e), e);
        }
    }

    /** The first line of what Hadoop says. */
    static String reason(Exception failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
