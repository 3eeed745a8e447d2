package io.squisher.examples.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitTest {
    private static final LabelledImages DIGITS = Digits.load();

    @Test
    void usesEveryImageOnce() {
        Split split = Split.of(DIGITS, 7);
        Set<float[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (LabelledImages part : List.of(split.training(), split.validation(), split.test())) {
            seen.addAll(List.of(part.images()));
        }
        assertEquals(DIGITS.size(), seen.size());
        assertEquals(359, split.test().size());
        assertEquals(359, split.validation().size());
    }

    @Test
    void isFixedByTheSeed() {
        assertArrayEquals(
                Split.of(DIGITS, 7).test().labels(), Split.of(DIGITS, 7).test().labels());
    }
}
