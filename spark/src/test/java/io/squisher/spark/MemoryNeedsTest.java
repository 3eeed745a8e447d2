package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import org.junit.jupiter.api.Test;

class MemoryNeedsTest {
    /** 10 million parameters: 80 MB of sums, 40 MB of weights, 40 MB of gradients, blocks of 8 MiB. */
    private static final MemoryNeeds NEEDS = new MemoryNeeds(10_000_000, 40_000_000, 1_000_000, 8 << 20);

    @Test
    void aTaskNeedsItsSumsAndABatch() {
        assertEquals((300L << 20) + 80_000_000 + (32L << 20), NEEDS.heap(1));
        assertEquals((300L << 20) + 2 * (80_000_000 + (32L << 20)), NEEDS.heap(2));
        assertEquals(2 * 81_000_000L, NEEDS.overhead(2));
    }

    @Test
    void whatCannotFitIsRefusedWithTheNumbers() {
        SquisherException refused =
                assertThrows(SquisherException.class, () -> new MemoryNeeds(1_000_000_000L, 4_000_000_000L, 0, 8 << 20)
                        .check(LocalSpark.session().sparkContext()));
        assertTrue(refused.getMessage().contains("needs a heap of 16.4 GB and has"), refused.getMessage());
        assertTrue(refused.getMessage().contains("2 tasks at once"), refused.getMessage());
        assertTrue(refused.getMessage().contains("1000000000 parameters (8.0 GB each)"), refused.getMessage());
    }
}
