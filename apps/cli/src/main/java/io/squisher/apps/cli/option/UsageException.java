package io.squisher.apps.cli.option;

import io.squisher.SquisherException;

/** A command line that asks for something that does not exist or lacks something: exit code 2. */
public final class UsageException extends SquisherException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
