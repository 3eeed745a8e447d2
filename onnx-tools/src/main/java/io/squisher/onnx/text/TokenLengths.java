package io.squisher.onnx.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The lengths that texts are filled up to: 16, 24, 32, 48, 64, 96 and so on. They follow from the texts alone, so that no result
 * depends on which texts a batch brings together.
 *
 * @param lengths in ascending order
 */
record TokenLengths(List<Integer> lengths) {
    private static final int SHORTEST = 16;

    /** A length that so few texts have is no graph of its own. */
    private static final int FEWEST = 64;

    private static final int SMALLEST_SHARE = 50;

    /**
     * The lengths for texts.
     *
     * @param counts of the tokens of each text
     * @param fixed the only length that the model takes
     * @param longest the most tokens of any text
     */
    static TokenLengths of(int[] counts, OptionalInt fixed, int longest) {
        if (fixed.isPresent()) {
            return new TokenLengths(List.of(fixed.getAsInt()));
        }
        int[] sorted = counts.clone();
        Arrays.sort(sorted);
        int fewest = Math.max(FEWEST, sorted.length / SMALLEST_SHARE);
        List<Integer> lengths = new ArrayList<>();
        int at = 0;
        int pending = 0;
        for (int step = SHORTEST, number = 0; at < sorted.length; step = next(step, number++)) {
            int length = Math.min(step, longest);
            while (at < sorted.length && sorted[at] <= length) {
                at++;
                pending++;
            }
            if (pending >= fewest || pending > 0 && at == sorted.length) {
                lengths.add(length);
                pending = 0;
            }
        }
        return new TokenLengths(lengths);
    }

    private static int next(int step, int number) {
        return number % 2 == 0 ? step / 2 * 3 : step / 3 * 4;
    }

    /** These, and what other texts need beyond them. */
    TokenLengths reaching(int[] counts, int longest) {
        int most = Arrays.stream(counts).max().orElse(0);
        if (most <= lengths.get(lengths.size() - 1)) {
            return this;
        }
        List<Integer> all = new ArrayList<>(lengths);
        all.addAll(of(new int[] {most}, OptionalInt.empty(), longest).lengths());
        return new TokenLengths(all);
    }

    /** The shortest that has room for so many tokens. */
    int of(int count) {
        return lengths.stream().filter(length -> length >= count).findFirst().orElseThrow();
    }
}
