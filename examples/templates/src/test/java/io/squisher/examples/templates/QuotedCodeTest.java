package io.squisher.examples.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What documents quote of the templates is what the templates say, and every template is listed. */
class QuotedCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/io/squisher/examples/templates");
    private static final int MOST_LINES = 120;

    /** A link to a source file, or a block of code, whichever comes next. */
    private static final Pattern LINK_OR_BLOCK =
            Pattern.compile("\\]\\(([^)]*\\.java)\\)|```java\\n(.*?)```", Pattern.DOTALL);

    /** Each block stands after a link to its file. Lines of an ellipsis alone stand for what is left out. */
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/templates.md"})
    void everyQuotedLineStandsInItsFileInThisOrder(String document) throws IOException {
        Path page = Path.of("../..").resolve(document);
        Matcher found = LINK_OR_BLOCK.matcher(Files.readString(page));
        Path source = null;
        int blocks = 0;
        while (found.find()) {
            if (found.group(1) != null) {
                source = page.resolveSibling(found.group(1));
            } else {
                List<String> lines = new ArrayList<>(stripped(source));
                for (String quoted : found.group(2).strip().split("\\n")) {
                    if (!quoted.equals("…") && !quoted.isBlank()) {
                        int at = lines.indexOf(quoted.strip());
                        assertTrue(at >= 0, document + " quotes what '" + source + "' has not (here): " + quoted);
                        lines = lines.subList(at + 1, lines.size());
                    }
                }
                blocks++;
            }
        }
        assertTrue(blocks > 0, document + " quotes no code");
    }

    private static List<String> stripped(Path source) throws IOException {
        return Files.readAllLines(source).stream()
                .map(line -> line.strip().replaceFirst("^return (?=squisher\\.save)", ""))
                .toList();
    }

    @Test
    void everyTemplateIsListed() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher rows =
                Pattern.compile("(?m)^\\| `(\\w+)` \\|").matcher(Files.readString(Path.of("../../docs/templates.md")));
        while (rows.find()) {
            listed.add(rows.group(1));
        }
        try (Stream<Path> files = Files.list(SOURCES)) {
            Set<String> programs = files.filter(file -> text(file).contains("public static void main("))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(programs, listed);
        }
    }

    @Test
    void everyTemplateIsShort() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<String> tooLong = files.filter(file -> text(file).lines().count() >= MOST_LINES)
                    .map(Path::toString)
                    .toList();
            assertEquals(List.of(), tooLong);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
