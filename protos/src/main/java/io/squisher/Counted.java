package io.squisher;

/** Numbers of things in sentences. */
public final class Counted {
    private Counted() {}

    /** {@code 1 tensor}, {@code 2 tensors}; for words whose plural ends in s. */
    public static String of(long number, String word) {
        return of(number, word, word + "s");
    }

    /** {@code 1 class}, {@code 2 classes}. */
    public static String of(long number, String singular, String plural) {
        return number + " " + (number == 1 ? singular : plural);
    }
}
