package io.squisher;

/** Messages as one line that is safe on a terminal. */
public final class OneLine {
    private OneLine() {}

    /** Names come from files of strangers: a line break or terminal control in one must not reach the terminal. */
    public static String of(String message) {
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
