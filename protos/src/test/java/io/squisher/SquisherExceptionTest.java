package io.squisher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SquisherExceptionTest {
    @Test
    void escapesControlCharactersSoThatTheMessageStaysOneLine() {
        assertEquals(
                "tensor 'a\\u000ab\\u001b[31m' is bad",
                new SquisherException("tensor 'a\nb\u001b[31m' is bad").getMessage());
    }

    @Test
    void keepsOtherCharacters() {
        assertEquals("tensor 'größe 重み' is bad", new SquisherException("tensor 'größe 重み' is bad").getMessage());
    }
}
