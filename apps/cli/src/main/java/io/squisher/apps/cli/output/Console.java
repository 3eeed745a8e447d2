package io.squisher.apps.cli.output;

import io.squisher.OneLine;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonElement;
import java.io.PrintStream;
import java.util.List;

/**
 * Where a command prints. Results go to standard output, or one JSON document does; notes, warnings and progress go to
 * standard error.
 */
public final class Console {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final boolean quiet;

    /**
     * A console.
     *
     * @param json whether standard output is to be one JSON document
     * @param quiet whether notes and progress are left out; warnings and errors never are
     */
    public Console(PrintStream out, PrintStream err, boolean json, boolean quiet) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.quiet = quiet;
    }

    /** Whether the result is to be a JSON document. */
    boolean isJson() {
        return json;
    }

    /** Prints a line of the result for people; silent under {@code --json}. */
    public void print(String line) {
        if (!json) {
            out.println(line);
        }
    }

    /** Prints the result as a JSON document, where one was asked for. */
    public void printJson(JsonElement document) {
        if (json) {
            out.println(GSON.toJson(document));
        }
    }

    /** Remarks on what happens. */
    public void note(String line) {
        if (!quiet) {
            err.println(OneLine.of(line));
        }
    }

    /** Something that may make the result other than expected. */
    public void warn(String line) {
        err.println("squisher: warning: " + OneLine.of(line));
    }

    /** Says why the exit code is not 0 although the work was done. */
    public void complain(String line) {
        err.println("squisher: " + OneLine.of(line));
    }

    /** Warns of each. */
    public void warnAll(List<String> lines) {
        lines.forEach(this::warn);
    }

    /** Where to show progress; {@code null} when nobody watches: quiet, or standard error is not a terminal. */
    public PrintStream progressStream() {
        return quiet || System.console() == null ? null : err;
    }
}
