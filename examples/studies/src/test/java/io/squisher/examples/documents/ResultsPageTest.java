package io.squisher.examples.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The intervals of docs/results.md and of the rules that follow from it are those of the tables that commands make. */
class ResultsPageTest {
    private static final Path DOCS = Path.of("../../docs");
    private static final Pattern INTERVAL = Pattern.compile("[+-]\\d+\\.\\d+ \\[[+-]\\d+\\.\\d+, [+-]\\d+\\.\\d+\\]");

    /** A row of the first table: setting and data, then what was measured. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+), (texts|images) \\|.*$");

    private static String text(String page) throws IOException {
        return Files.readString(DOCS.resolve(page)).replaceAll("\\s+", " ");
    }

    private static List<String> intervals(String text) {
        return INTERVAL.matcher(text).results().map(found -> found.group()).toList();
    }

    @Test
    void everyIntervalIsInATable() throws IOException {
        String tables = text("results/text/tables.md") + text("results/fashion-mnist/tables.md");
        List<String> shown = new ArrayList<>(intervals(text("results.md")));
        assertTrue(shown.size() > 40, shown.toString());
        shown.addAll(intervals(text("when-it-works.md")));
        assertEquals(
                List.of(),
                shown.stream().filter(interval -> !tables.contains(interval)).toList());
    }

    /** What a row of the answer compares stands in one row of the tables, so that no two were mixed up. */
    @Test
    void theIntervalsOfARowBelongTogether() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String page : List.of("results/text/tables.md", "results/fashion-mnist/tables.md")) {
            rows.addAll(Files.readAllLines(DOCS.resolve(page)));
        }
        List<String> answers = ROW.matcher(Files.readString(DOCS.resolve("results.md")))
                .results()
                .map(found -> found.group())
                .toList();
        assertTrue(answers.size() > 15, answers.toString());
        List<String> mixed = answers.stream()
                .filter(answer -> rows.stream()
                        .noneMatch(row -> intervals(answer).stream().allMatch(row::contains)))
                .toList();
        assertEquals(List.of(), mixed);
    }
}
