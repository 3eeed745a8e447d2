package io.squisher.apps.cli.output;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** What the user's terminal is like. */
public final class Terminal {
    /** What the launcher measured, where standard output is a terminal. */
    private static final String COLUMNS_PROPERTY = "squisher.columns";

    private static final int USUAL_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 40;
    private static final int MOST_COLUMNS = 160;

    private Terminal() {}

    /** How many characters a line has: {@code COLUMNS} if the user set it, else the terminal's, else 80; 40 to 160. */
    public static int columns() {
        String set = System.getenv("COLUMNS");
        return columns(set != null && !set.isEmpty() ? set : System.getProperty(COLUMNS_PROPERTY, ""));
    }

    static int columns(String said) {
        return said.matches("[1-9][0-9]{0,5}")
                ? Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, Integer.parseInt(said)))
                : USUAL_COLUMNS;
    }

    /** Without colours where {@code NO_COLOR} is set to anything (no-color.org). */
    static ProgressBarStyle barStyle(String noColor) {
        return noColor != null && !noColor.isEmpty()
                ? ProgressBarStyle.UNICODE_BLOCK
                : ProgressBarStyle.COLORFUL_UNICODE_BLOCK;
    }

    /** A bar, to be built. */
    public static ProgressBarBuilder bar(String task, long end, String unit, long unitSize, PrintStream stream) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(end)
                .setUnit(unit, unitSize)
                .setStyle(barStyle(System.getenv("NO_COLOR")))
                .setConsumer(new ConsoleProgressBarConsumer(stream));
    }
}
