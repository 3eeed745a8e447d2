package io.squisher.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningTest {
    private final List<String> closed = new ArrayList<>();

    private String open(String... names) {
        try (Opening opening = new Opening()) {
            for (String name : names) {
                if (name.equals("refused")) {
                    throw new SquisherException("refused");
                }
                opening.add(() -> {
                    closed.add(name);
                    if (name.equals("stuck")) {
                        throw new IllegalStateException("stuck");
                    }
                });
            }
            return opening.keep("whole");
        }
    }

    @Test
    void leavesEverythingOpenWhereNothingFails() {
        assertEquals("whole", open("a", "b"));
        assertEquals(List.of(), closed);
    }

    @Test
    void closesTheLastFirstWhereOneFails() {
        assertThrows(SquisherException.class, () -> open("a", "b", "refused", "c"));
        assertEquals(List.of("b", "a"), closed);
    }

    @Test
    void closesTheOthersAndReportsTheFirstFailureWhereClosingFails() {
        SquisherException failure = assertThrows(SquisherException.class, () -> open("a", "stuck", "refused"));
        assertEquals("refused", failure.getMessage());
        assertEquals(List.of("stuck", "a"), closed);
    }
}
