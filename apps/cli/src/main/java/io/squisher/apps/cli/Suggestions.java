package io.squisher.apps.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody who mistyped a word probably meant. */
final class Suggestions {
    private Suggestions() {}

    /** The word nearest to {@code typed} by edit distance, if it is near: at most a third of its letters differ. */
    static Optional<String> nearest(String typed, Collection<String> words) {
        return words.stream()
                .filter(word -> isNear(typed, word))
                .min(Comparator.comparingInt((String word) -> rank(typed, word)).thenComparing(word -> word));
    }

    /** A beginning of the word counts as nearly right: {@code comp} for {@code compare}. */
    private static boolean isNear(String typed, String word) {
        boolean beginning = typed.length() >= 2 && word.startsWith(typed);
        return beginning || distance(typed, word) <= Math.max(1, word.length() / 3);
    }

    private static int rank(String typed, String word) {
        return word.startsWith(typed) ? 0 : distance(typed, word);
    }

    /** Levenshtein's edit distance: insertions, deletions and replacements. */
    static int distance(String a, String b) {
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
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
