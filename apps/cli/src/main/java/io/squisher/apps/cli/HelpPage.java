package io.squisher.apps.cli;

import io.squisher.apps.cli.option.GivenOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;

/** Lines of a help page, no wider than the terminal where their words allow it. */
final class HelpPage {
    private static final int WIDEST_TERM = 28;
    private static final int INDENT = 2;
    private static final int GAP = 2;

    private final int columns;
    private final List<String> lines = new ArrayList<>();

    HelpPage(int columns) {
        this.columns = columns;
    }

    List<String> lines() {
        return lines;
    }

    /** A line as it is. */
    HelpPage line(String text) {
        lines.add(text);
        return this;
    }

    /** Running text. */
    HelpPage text(String words) {
        lines.addAll(wrapped(words, columns));
        return this;
    }

    /** Terms with their meaning beside them; below them where a term is long. */
    HelpPage terms(List<String> terms, List<String> meanings) {
        int widest = terms.stream()
                .mapToInt(String::length)
                .filter(length -> length <= WIDEST_TERM)
                .max()
                .orElse(0);
        int left = INDENT + widest + GAP;
        for (int i = 0; i < terms.size(); i++) {
            String start = " ".repeat(INDENT) + terms.get(i);
            if (start.length() > left - GAP) {
                lines.add(start);
                start = "";
            }
            for (String piece : wrapped(meanings.get(i), columns - left)) {
                lines.add(start + " ".repeat(left - start.length()) + piece);
                start = "";
            }
        }
        return this;
    }

    /** Options with their descriptions. */
    HelpPage options(List<Option> options) {
        return terms(
                options.stream().map(GivenOptions::entry).toList(),
                options.stream().map(Option::getDescription).toList());
    }

    private static List<String> wrapped(String words, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
