package io.squisher;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Searches in the names of parameters, as a caller writes them. */
public final class NamePattern {
    private NamePattern() {}

    /**
     * The search for a regular expression; it finds it anywhere in a name.
     *
     * @throws SquisherException if {@code text} is none
     */
    public static Pattern of(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new SquisherException(
                    "'" + text + "' is no regular expression for names of parameters: " + e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw new SquisherException("the regular expression '" + text + "' nests too deeply", e);
        }
    }
}
