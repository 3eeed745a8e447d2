package io.squisher.apps.cli;

import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * A command of {@code squisher}. Implementations are listed in
 * {@code META-INF/services/io.squisher.apps.cli.Command} of their module, have a public constructor without arguments,
 * and hold no state.
 */
public interface Command {
    /** The word that calls it. */
    String name();

    /** One line for the overview, without a full stop. */
    String summary();

    /** What follows the options in the synopsis, for example {@code MODEL.onnx}; empty if nothing does. */
    String arguments();

    /** Its own options; {@code --help}, {@code --debug} and {@code --quiet} are added to those of every command. */
    Options options();

    /** Command lines for its help page, the plainest first; at least one. */
    List<Example> examples();

    /**
     * Does the work.
     *
     * @throws UsageException if the command line makes no sense
     * @throws io.squisher.SquisherException if the work cannot be done
     */
    ExitCode run(CommandLine line, Console console);
}
