package io.squisher.examples.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of thumb of docs/when-it-works.md stand on the results: its figures are there, and its links lead there. */
class WhenItWorksPageTest {
    private static final Path DOCS = Path.of("../../docs");
    private static final Pattern FIGURE = Pattern.compile("\\d+\\.\\d+ ± \\d+\\.\\d+|p (0\\.\\d+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#([^)]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    private static String text(String page) throws IOException {
        return Files.readString(DOCS.resolve(page)).replaceAll("\\s+", " ");
    }

    @Test
    void everyFigureIsOneOfTheResults() throws IOException {
        String results = text("results.md")
                + text("results/images.md")
                + text("results/texts.md")
                + text("results/text/tables.md")
                + text("results/fashion-mnist/tables.md");
        List<String> figures = FIGURE.matcher(text("when-it-works.md"))
                .results()
                .map(found -> found.group(1) == null ? found.group() : found.group(1))
                .toList();
        List<String> unknown = figures.stream()
                .filter(figure -> !Pattern.compile("(?<![\\d.])" + Pattern.quote(figure) + "(?!\\d)")
                        .matcher(results)
                        .find())
                .toList();
        assertEquals(List.of(), unknown);
        assertTrue(figures.size() > 20, figures.toString());
    }

    @Test
    void everyLinkLeadsToAHeading() throws IOException {
        List<String> dead = LINK.matcher(Files.readString(DOCS.resolve("when-it-works.md")))
                .results()
                .filter(link -> !leads(DOCS.resolve(link.group(1)), link.group(2)))
                .map(link -> link.group())
                .toList();
        assertEquals(List.of(), dead);
    }

    private static boolean leads(Path page, String place) {
        if (!Files.exists(page)) {
            return false;
        }
        try {
            return place == null || places(Files.readString(page)).contains(place);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What GitHub calls the places of headings. */
    private static Set<String> places(String page) {
        return HEADING.matcher(page)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void theIndexesNameIt() throws IOException {
        assertTrue(text("README.md").contains("(when-it-works.md)"));
        assertTrue(text("../README.md").contains("(docs/when-it-works.md)"));
    }
}
