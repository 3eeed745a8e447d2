package io.squisher.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import org.junit.jupiter.api.Test;

class TaskSlotTest {
    @Test
    void theDeviceIsThePlaceAmongTheVisibleOnes() {
        assertEquals(3, TaskSlot.ordinal("3", null));
        assertEquals(1, TaskSlot.ordinal("3", "2,3"));
        assertEquals(0, TaskSlot.ordinal("GPU-1a2b", "GPU-1a2b"));
        assertEquals(0, TaskSlot.ordinal("0", "7"));
    }

    @Test
    void anAddressThatCudaDoesNotKnowIsRefused() {
        assertThrows(SquisherException.class, () -> TaskSlot.ordinal("GPU-1a2b", null));
    }
}
