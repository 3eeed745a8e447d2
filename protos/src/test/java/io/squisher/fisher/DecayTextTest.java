package io.squisher.fisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DecayTextTest {
    @Test
    void isWhatTheUserWroteInEitherPrecision() {
        assertEquals("0.999", DecayText.of(0.999f));
        assertEquals("0.999", DecayText.of(0.999));
        assertEquals("0.95", DecayText.of(0.95f));
        assertEquals("0.5", DecayText.of(0.5));
        assertEquals("0.9999999999", DecayText.of(0.9999999999));
    }
}
