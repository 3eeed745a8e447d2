package io.squisher;

/**
 * A failure that the user can mend: its message is one complete line that names the file, tensor or operator, what was
 * expected and seen, and the way out. The command line prints the message alone; a stack trace is for our own mistakes.
 */
public class SquisherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SquisherException(String message) {
        super(oneLine(message));
    }

    public SquisherException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    /** Names come from files of strangers: a line break or terminal control in one must not reach the terminal. */
    private static String oneLine(String message) {
        if (message.chars().noneMatch(Character::isISOControl)) {
            return message;
        }
        StringBuilder line = new StringBuilder(message.length() + 16);
        message.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }
}
