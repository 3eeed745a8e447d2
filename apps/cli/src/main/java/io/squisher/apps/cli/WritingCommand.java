package io.squisher.apps.cli;

import io.squisher.apps.cli.output.Console;
import org.apache.commons.cli.CommandLine;

/**
 * A command that makes files. Its own part is its options, and how it plans; the order in which such a command checks, writes
 * and reports is that of {@link Job}, for all of them. {@code --dry-run} is added to its options.
 */
public interface WritingCommand extends Command {
    /** Reads the options, plans, and hands the plan to {@link Job#finish}. */
    ExitCode make(Job job);

    @Override
    default ExitCode run(CommandLine line, Console console) {
        return make(new Job(name(), line, console));
    }
}
