package io.squisher.examples.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PairedTestTest {
    @Test
    void agreesWithTheClosedFormForTwoDegreesOfFreedom() {
        // Differences 1, 2, 3: t = 2 / (1/sqrt 3) = 2 sqrt 3. For two degrees of freedom p = 1 - t / sqrt(t² + 2).
        PairedTest test = PairedTest.of(new Sample(2, 4, 6), new Sample(1, 2, 3));
        double t = 2 * Math.sqrt(3);
        assertEquals(1 - t / Math.sqrt(t * t + 2), test.p(), 1e-9);
    }

    @Test
    void saysNothingOfASingleSeed() {
        assertTrue(Double.isNaN(PairedTest.of(new Sample(2), new Sample(1)).p()));
    }

    @Test
    void isCertainWhereNothingVaries() {
        assertEquals(1, PairedTest.of(new Sample(2, 3), new Sample(2, 3)).p());
        assertEquals(0, PairedTest.of(new Sample(2, 3), new Sample(1, 2)).p());
    }
}
