package io.squisher.examples.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a page of documentation asks its reader to do.
 *
 * @param commands command lines that start with {@code squisher}, in the page's order
 * @param files contents of fenced blocks that name a file behind their language
 * @param rows cells of tables, the headings left out
 * @param sections all lines below a heading of the second level, by heading
 */
public record DocumentPage(
        List<String> commands, Map<String, String> files, List<List<String>> rows, Map<String, String> sections) {
    private static final Pattern INLINE = Pattern.compile("`(squisher [^`]+)`");
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:^|`)squisher (\\S+)");
    private static final Pattern FENCE = Pattern.compile("```(\\w*) ?(\\S*)");

    /** Reads a page of Markdown. */
    public static DocumentPage read(Path file) throws IOException {
        DocumentPage page =
                new DocumentPage(new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>(), new LinkedHashMap<>());
        List<String> lines = Files.readAllLines(file);
        page.takeSections(lines);
        for (int at = 0; at < lines.size(); at++) {
            Matcher fence = FENCE.matcher(lines.get(at));
            if (fence.matches()) {
                int end = at + 1 + lines.subList(at + 1, lines.size()).indexOf("```");
                page.takeBlock(fence.group(2), lines.subList(at + 1, end));
                at = end;
            } else {
                page.takeLine(lines.get(at));
            }
        }
        return page;
    }

    private void takeSections(List<String> lines) {
        String heading = "";
        for (String line : lines) {
            if (line.startsWith("## ")) {
                heading = line.substring(3);
            } else {
                sections.merge(heading, line + "\n", String::concat);
            }
        }
    }

    private void takeBlock(String name, List<String> lines) {
        if (name.isEmpty()) {
            lines.stream().filter(line -> line.startsWith("squisher ")).forEach(commands::add);
        } else {
            files.put(name, String.join("\n", lines));
        }
    }

    private void takeLine(String line) {
        INLINE.matcher(line).results().forEach(result -> commands.add(result.group(1)));
        if (line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| setting")) {
            rows.add(Arrays.stream(line.substring(1).split("(?<!\\\\)\\|"))
                    .map(String::strip)
                    .toList());
        }
    }

    /** The commands that a section runs. */
    public Set<String> commandNames(String section) {
        return COMMAND.matcher(sections.get(section))
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
