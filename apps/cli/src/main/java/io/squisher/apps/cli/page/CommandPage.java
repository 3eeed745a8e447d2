package io.squisher.apps.cli.page;

import io.squisher.apps.cli.output.Report;
import io.squisher.report.Block;
import io.squisher.report.Page;
import io.squisher.report.Section;
import io.squisher.report.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The page of a command beside what it writes.
 *
 * @param command its name
 * @param report what it tells on the terminal, which the page tells as well
 */
public record CommandPage(String command, Report report) {
    /**
     * The page.
     *
     * @param done what the command did, as blocks of the first section
     * @param more further sections
     */
    public Page page(String title, List<Block> done, List<Section> more) {
        return page(title, done, more, Map.of());
    }

    /** The page of a command that made a diagonal: it begins with where the sensitivity sits. */
    public Page page(String title, DiagonalSections made) {
        Page page = page(title, List.of(), made.sections(), made.sensitivity().headline());
        String lead = page.lead() + " " + made.sensitivity().lead();
        return new Page(page.command(), page.title(), lead, page.headline(), page.warnings(), page.sections());
    }

    private Page page(String title, List<Block> done, List<Section> more, Map<String, String> headlineNumbers) {
        List<Block> blocks = new ArrayList<>(done);
        if (!report.details().isEmpty()) {
            blocks.add(new Text.Code(String.join("\n", report.details())));
        }
        List<Section> sections = new ArrayList<>();
        if (!blocks.isEmpty()) {
            sections.add(new Section("done", "What was done", blocks));
        }
        sections.addAll(more);
        String headline = report.headline();
        String lead = headline.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + headline.substring(1);
        return new Page(
                command,
                title,
                lead.endsWith(".") ? lead : lead + ".",
                headlineNumbers,
                report.warnings().stream().distinct().toList(),
                sections);
    }
}
