package io.squisher;

/**
 * A failure that the user can mend: its message is one complete line that names the file, tensor or operator, what was
 * expected and seen, and the way out. The command line prints the message alone; a stack trace is for our own mistakes.
 */
public class SquisherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SquisherException(String message) {
        super(OneLine.of(message));
    }

    public SquisherException(String message, Throwable cause) {
        super(OneLine.of(message), cause);
    }
}
