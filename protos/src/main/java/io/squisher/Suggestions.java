package io.squisher;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody who mistyped a word probably meant. */
public final class Suggestions {
    /** Beyond this two words have little in common, and a table of all pairs of letters would take long to fill. */
    private static final int MOST_LONGER = 100;

    private Suggestions() {}

    /** The word nearest to {@code typed} by edit distance, if it is near: at most a third of its letters differ. */
    public static Optional<String> nearest(String typed, Collection<String> words) {
        return words.stream()
                .filter(word -> isNear(typed, word))
                .min(Comparator.comparingInt((String word) -> rank(typed, word)).thenComparing(word -> word));
    }

    /** {@code ", did you mean 'word'?"}, or nothing where no word is near. */
    public static String didYouMean(String typed, Collection<String> words) {
        return nearest(typed, words)
                .map(word -> ", did you mean '" + word + "'?")
                .orElse("");
    }

    /** A beginning of the word counts as nearly right: {@code comp} for {@code compare}. */
    private static boolean isNear(String typed, String word) {
        if (Math.abs(typed.length() - word.length()) > MOST_LONGER) {
            return false;
        }
        boolean beginning = typed.length() >= 2 && word.startsWith(typed);
        return beginning || distance(typed, word) <= Math.max(1, word.length() / 3);
    }

    private static int rank(String typed, String word) {
        return word.startsWith(typed) ? 0 : distance(typed, word);
    }

    /**
     * Edit distance with swaps (optimal string alignment, the restricted form of Damerau's): the fewest insertions,
     * deletions, replacements and exchanges of neighbours, none of which touches the same letters twice.
     */
    static int distance(String a, String b) {
        int[] beforePrevious = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
                if (isSwapped(a, i, b, j)) {
                    current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
                }
            }
            beforePrevious = previous;
            previous = current;
        }
        return previous[b.length()];
    }

    private static boolean isSwapped(String a, int i, String b, int j) {
        return i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
