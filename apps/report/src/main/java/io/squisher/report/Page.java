package io.squisher.report;

import java.util.List;
import java.util.Map;

/**
 * A page before it is written.
 *
 * @param command the command that asks for it, as its users call it: {@code prune}
 * @param title the page's heading
 * @param lead what came out, in one or two sentences with the first numbers
 * @param headline a few numbers in large type: name to value; may be empty
 * @param warnings complete lines
 */
public record Page(
        String command,
        String title,
        String lead,
        Map<String, String> headline,
        List<String> warnings,
        List<Section> sections) {
    public Page {
        headline = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(headline));
        warnings = List.copyOf(warnings);
        sections = List.copyOf(sections);
    }
}
