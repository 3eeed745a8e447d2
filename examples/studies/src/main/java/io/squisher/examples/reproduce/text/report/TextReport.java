package io.squisher.examples.reproduce.text.report;

import io.squisher.SquisherException;
import io.squisher.examples.files.Folders;
import io.squisher.examples.reproduce.text.study.TextSettings;
import io.squisher.examples.reproduce.text.unit.UnitResult;
import io.squisher.files.AtomicFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.report.PageFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Writes everything that is made of the results of units. */
public final class TextReport {
    private final List<TextSummary> summaries;

    /**
     * A report on results.
     *
     * @throws SquisherException if there are none
     */
    public TextReport(List<UnitResult> results) {
        summaries = TextSettings.reported().stream()
                .map(setting -> TextSummary.of(setting, results))
                .filter(summary -> !summary.parts().isEmpty())
                .toList();
        if (summaries.isEmpty()) {
            throw new SquisherException("there are no results to report on");
        }
    }

    /**
     * Writes {@code panels.png} and {@code tables.md} into a folder, and the page with {@code results.json} beside it.
     *
     * @param command that it was run with
     * @return the numbers
     */
    public JsonObject write(Path folder, Path page, String command) {
        Folders.created(folder);
        JsonObject json = TextJson.of(summaries);
        AtomicFile.write(folder.resolve("panels.png"), TextPicture.draw(summaries));
        AtomicFile.write(folder.resolve("tables.md"), TextMarkdown.of(summaries).getBytes(StandardCharsets.UTF_8));
        PageFile.write(TextPage.of(summaries, command), page, json);
        return json;
    }

    /** The tables as lines. */
    public List<String> lines() {
        return TextMarkdown.of(summaries).lines().toList();
    }
}
