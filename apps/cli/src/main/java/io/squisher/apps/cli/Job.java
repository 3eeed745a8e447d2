package io.squisher.apps.cli;

import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Report;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.cli.CommandLine;

/** One run of a {@link WritingCommand}: what was asked for, and the order of warning, writing and reporting. */
public final class Job {
    private final CommandLine line;
    private final Values values;
    private final Console console;
    private final Optional<Output> output;

    Job(String command, CommandLine line, Console console) {
        this.line = line;
        this.values = new Values(command, line);
        this.console = console;
        this.output = values.outputUnlessDryRun();
    }

    /** The options and arguments as the parser gives them, in their order. */
    public CommandLine line() {
        return line;
    }

    public Values values() {
        return values;
    }

    public Console console() {
        return console;
    }

    /** Where the result goes; none under {@code --dry-run}. */
    public Optional<Output> output() {
        return output;
    }

    /** Another output that was asked for; none under {@code --dry-run}. */
    public Optional<Output> beside(String option) {
        return values.outputPath(option);
    }

    /**
     * Ends the job: warns, prints what was planned, writes unless nothing is to be written, and prints what was done.
     *
     * @param report what is told, the same for a dry run and a real one
     * @param writer writes the result; not called under {@code --dry-run}
     */
    public ExitCode finish(Report report, Consumer<Output> writer) {
        console.warnAll(report.warnings());
        report.planned().forEach(console::print);
        output.ifPresent(writer);
        console.print(output.map(file -> report.written().orElseGet(file::wrote) + ": ")
                        .orElse("dry run: ")
                + report.headline());
        report.details().forEach(console::print);
        console.printJson(report.document(output.map(Output::toString)));
        return ExitCode.DONE;
    }

    /** Ends a job whose result is not written although it was asked for: tells what was planned, and why it stays so. */
    public ExitCode withhold(Report report, String why) {
        console.warnAll(report.warnings());
        report.planned().forEach(console::print);
        console.printJson(report.document(Optional.empty()));
        console.complain("nothing was written: " + why);
        return ExitCode.FAILED;
    }
}
