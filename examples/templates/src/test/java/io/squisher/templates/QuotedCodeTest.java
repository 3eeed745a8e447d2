package io.squisher.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What documents quote of the templates and of the projects outside is what those say, and every template is listed. */
class QuotedCodeTest {
    /** A link to a source file, or a block of code, whichever comes next. */
    private static final Pattern LINK_OR_BLOCK =
            Pattern.compile("\\]\\(([^)]*\\.java)\\)|```java\\n(.*?)```", Pattern.DOTALL);

    /** Each block stands after a link to its file. Lines of an ellipsis alone stand for what is left out. */
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/templates.md", "docs/library.md"})
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
    void everyTemplateIsListed() {
        Set<String> listed = new TreeSet<>();
        Matcher rows = Pattern.compile("(?m)^\\| \\[`([\\w-]+)`\\]\\(\\.\\./examples/templates/\\1\\) \\|")
                .matcher(Templates.text(Path.of("../../docs/templates.md")));
        while (rows.find()) {
            listed.add(rows.group(1));
        }
        assertEquals(
                Templates.folders().stream().map(Path::toString).collect(Collectors.toCollection(TreeSet::new)),
                listed);
    }
}
