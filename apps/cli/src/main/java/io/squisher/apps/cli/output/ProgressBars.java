package io.squisher.apps.cli.output;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Bars of progress; beside {@link Terminal}, so that help does not load their library. */
public final class ProgressBars {
    private ProgressBars() {}

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
