package io.squisher.apps.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.SquisherException;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    @Test
    void severalAreNumberedInOneLine() {
        Problems problems = new Problems("cannot merge");
        problems.throwIfAny();
        problems.add("'a' has no Fisher");
        assertEquals("cannot merge: 'a' has no Fisher", message(problems));
        problems.collect(() -> {
            throw new SquisherException("'b' is empty");
        });
        assertEquals("cannot merge, 2 problems: (1) 'a' has no Fisher; (2) 'b' is empty", message(problems));
    }

    @Test
    void oneThatSaysWhatCannotBeDoneStandsAlone() {
        Problems problems = new Problems("cannot read the input");
        problems.collect(() -> {
            throw new SquisherException("cannot read 'a': no such file");
        });
        assertEquals("cannot read 'a': no such file", message(problems));
        problems.add("cannot read 'b': no such file");
        assertEquals(
                "cannot read the input, 2 problems: (1) cannot read 'a': no such file; (2) cannot read 'b': no such file",
                message(problems));
    }

    private static String message(Problems problems) {
        return assertThrows(SquisherException.class, problems::throwIfAny).getMessage();
    }
}
