package io.squisher.onnx.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenLengthsTest {
    private static int[] texts(int... numbersAndLengths) {
        int[] counts = {};
        for (int i = 0; i < numbersAndLengths.length; i += 2) {
            int from = counts.length;
            counts = Arrays.copyOf(counts, from + numbersAndLengths[i]);
            Arrays.fill(counts, from, counts.length, numbersAndLengths[i + 1]);
        }
        return counts;
    }

    private static List<Integer> lengths(int longest, int... counts) {
        return TokenLengths.of(counts, OptionalInt.empty(), longest).lengths();
    }

    @Test
    void lengthsGrowByHalvesAndThirds() {
        assertEquals(
                List.of(16, 24, 32, 48, 64, 96, 128),
                lengths(512, texts(100, 9, 100, 17, 100, 30, 100, 40, 100, 64, 100, 65, 100, 128)));
    }

    @Test
    void aLengthOfFewTextsJoinsTheNextOne() {
        assertEquals(List.of(24, 64), lengths(512, texts(63, 9, 100, 20, 2, 30, 3, 60)));
        assertEquals(List.of(16), lengths(512, texts(3, 5)));
        // 1 of 50 at least: 199 texts of 10,000 are no length of their own.
        assertEquals(List.of(24), lengths(512, texts(199, 9, 9801, 20)));
    }

    @Test
    void noLengthIsBeyondTheCut() {
        assertEquals(List.of(10), lengths(10, texts(5, 10)));
        assertEquals(List.of(16, 20), lengths(20, texts(100, 10, 100, 20)));
        assertEquals(
                List.of(128),
                TokenLengths.of(texts(5, 3), OptionalInt.of(128), 128).lengths());
    }

    @Test
    void otherTextsTakeTheSameLengthsAndWhatIsBeyond() {
        TokenLengths known = TokenLengths.of(texts(100, 9, 100, 40), OptionalInt.empty(), 512);
        assertEquals(List.of(16, 48), known.lengths());
        assertEquals(known, known.reaching(new int[] {30}, 512));
        assertEquals(List.of(16, 48, 96), known.reaching(new int[] {90}, 512).lengths());
        assertEquals(48, known.of(17));
    }

    @Test
    void everyTextHasRoom() {
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 200; trial++) {
            int longest = 1 + random.nextInt(300);
            int[] counts = random.ints(1 + random.nextInt(500), 1, longest + 1).toArray();
            TokenLengths lengths = TokenLengths.of(counts, OptionalInt.empty(), longest);
            for (int count : counts) {
                int length = lengths.of(count);
                assertTrue(length >= count && length <= Math.max(longest, count), count + " in " + lengths);
            }
        }
    }
}
