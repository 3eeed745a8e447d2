package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;

/** Values that nobody should give to an option, and what must come of them; for the commands of every module. */
public final class HostileValues {
    public static final List<String> VALUES = List.of(
            "",
            " ",
            "-1",
            "0",
            "1.5",
            "-0.5",
            "much",
            "NaN",
            "Infinity",
            "-Infinity",
            "1e400",
            "1e-400",
            "1d",
            "0x10",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999999999",
            "\u0663",
            "(",
            "[",
            "*",
            "\0",
            "a\0b",
            "two\nlines",
            "\u001b[31m",
            "no/such/file",
            "/",
            ".",
            "x".repeat(300),
            "x".repeat(70_000),
            "file:///tmp/x",
            "cuda:99999999999",
            "default:",
            "%s%n",
            "'");

    private HostileValues() {}

    /** Done, or refused in one line that says what is wrong, without the name of a Java class. */
    public static void assertOneLine(Run run, String what) {
        assertTrue(run.exitCode() >= 0 && run.exitCode() <= 2, what + " gave " + run.exitCode());
        String lines = run.err()
                .lines()
                .filter(line -> !line.startsWith("squisher: warning: "))
                .collect(Collectors.joining("\n"));
        assertFalse(
                run.err().contains("unexpected ") || run.err().contains("a fault of squisher"),
                what + ": " + shortened(run.err()));
        assertFalse(run.err().contains("Exception") || run.err().contains("java."), what + ": " + shortened(run.err()));
        if (run.exitCode() != 0) {
            assertTrue(lines.startsWith("squisher: ") && lines.lines().count() == 1, what + ": " + shortened(lines));
        }
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(400, text.length()));
    }
}
