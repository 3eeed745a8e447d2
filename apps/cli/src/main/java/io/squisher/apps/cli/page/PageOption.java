package io.squisher.apps.cli.page;

import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.internal.gson.JsonObject;
import io.squisher.report.Page;
import io.squisher.report.PageFile;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.cli.Option;

/** {@code --report FILE.html}: a page on what a command did, beside what it writes. */
public final class PageOption {
    private static final String NAME = "report";

    private PageOption() {}

    public static Option declare() {
        return Flags.outputBeside(
                NAME, OutputKind.PAGE, "also write a page to look at, .html, and its numbers as JSON beside it");
    }

    /** Where the page goes, if one is asked for. */
    public static Optional<Output> of(Values values) {
        return values.outputPath(NAME);
    }

    /** Makes the page and writes it, if one is asked for: it costs a pass over what was written. */
    public static void write(Values values, Supplier<Page> report, Console console) {
        of(values).ifPresent(output -> write(output, report.get(), console));
    }

    /** Writes a page. */
    public static void write(Output output, Page report, Console console) {
        write(output, report, new JsonObject(), console);
    }

    /**
     * Writes a page.
     *
     * @param more members for its file of numbers
     */
    public static void write(Output output, Page report, JsonObject more, Console console) {
        PageFile.write(report, output.path(), more);
        console.print(output.wrote() + ", and its numbers as "
                + PageFile.resultsBeside(output.path()).getFileName());
    }
}
