package io.squisher.format.safetensors;

import io.squisher.SquisherException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some of the files that a model is divided into.
 *
 * @param first the first of them, counted from 1
 * @param last the last of them
 * @param count how many files the model is divided into
 */
public record ShardRange(int first, int last, int count) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?/([0-9]{1,5})");

    public ShardRange {
        if (first < 1 || last < first || last > count) {
            throw new SquisherException("there are no files " + first + " to " + last + " of " + count
                    + ": they are counted from 1, up to their number");
        }
    }

    /**
     * As {@code 3-4/16}, or {@code 3/16} for one.
     *
     * @throws SquisherException if it is no range
     */
    public static ShardRange parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new SquisherException("takes FIRST-LAST/COUNT, such as 3-4/16, not '" + text + "'");
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        return new ShardRange(first, last, Integer.parseInt(matcher.group(3)));
    }

    @Override
    public String toString() {
        return (first == last ? "" + first : first + "-" + last) + "/" + count;
    }
}
