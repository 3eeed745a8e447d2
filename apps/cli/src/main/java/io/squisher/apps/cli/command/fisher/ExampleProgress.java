package io.squisher.apps.cli.command.fisher;

import io.squisher.Counted;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.ProgressBars;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.onnx.fisher.FisherListener;
import java.io.PrintStream;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;

/** Shows how an estimation goes: what it will cost, then a bar with examples a second and the time left. */
final class ExampleProgress implements FisherListener, AutoCloseable {
    /** From here on a user may want to hear of the cheaper way. */
    private static final long MANY = 100;

    private final Console console;
    private final boolean verbose;
    private ProgressBar bar;

    ExampleProgress(Console console, boolean verbose) {
        this.console = console;
        this.verbose = verbose;
    }

    @Override
    public void started(long examples, long passes, Map<String, String> paths) {
        if (verbose) {
            TextTable table = new TextTable("parameter", "computed by");
            paths.forEach(table::row);
            table.lines().forEach(console::note);
        }
        if (passes > 1) {
            console.note(Counted.of(passes, "pass", "passes") + " for each of " + Counted.of(examples, "example")
                    + (passes > MANY ? "; '--kind sampled' estimates the same from a few" : ""));
        }
        PrintStream stream = console.progressStream();
        if (stream != null) {
            bar = ProgressBars.bar("fisher", examples, " examples", 1, stream)
                    .showSpeed()
                    .build();
        }
    }

    @Override
    public void progressed(long examples) {
        if (bar != null) {
            bar.stepTo(examples);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
