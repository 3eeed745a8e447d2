package io.squisher.examples.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void summarises() {
        // Mean 5, squared deviations 9 + 1 + 1 + 9 = 20, variance 20/3, error sqrt(20/3/4).
        Sample sample = new Sample(2, 4, 6, 8);
        assertEquals(5, sample.mean());
        assertEquals(Math.sqrt(20.0 / 12), sample.standardError(), 1e-15);
        assertEquals(5, sample.median());
        assertEquals("5.0 ± 1.3", sample.text(1));
    }

    @Test
    void hasNoErrorOfASingleValue() {
        assertTrue(Double.isNaN(new Sample(3).standardError()));
        assertEquals("3.00", new Sample(3).text(2));
    }
}
