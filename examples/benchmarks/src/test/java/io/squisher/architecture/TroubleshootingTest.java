package io.squisher.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The messages that {@code docs/troubleshooting.md} explains are messages that the sources have. */
class TroubleshootingTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");
    private static final int SHORTEST = 12;

    @Test
    void everyExplainedMessageExists() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/troubleshooting.md"));
        String ours = page.substring(0, page.indexOf("Not from us"));
        String sources = sources();
        List<String> unknown = new ArrayList<>();
        Matcher rows = ROW.matcher(ours);
        int messages = 0;
        while (rows.find()) {
            messages++;
            for (String piece : rows.group(1).split("[…:;(),']")) {
                if (piece.strip().length() >= SHORTEST && !sources.contains(piece.strip())) {
                    unknown.add(piece.strip());
                }
            }
        }
        assertEquals(List.of(), unknown, "no source has these words");
        assertTrue(messages >= 10, messages + " messages");
    }

    /** All sources, with literals that are written in several pieces put together. */
    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/"))
                    .map(TroubleshootingTest::text)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
