package io.squisher.apps.cli;

import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputGuard;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.UsageException;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import java.nio.file.Path;
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

    /** The words that its arguments may be, to propose them; none if the arguments are files. */
    default List<String> argumentWords() {
        return List.of();
    }

    /**
     * Its own options. A file that is written is declared by {@link Flags#output(OutputKind, String)} or
     * {@link Flags#outputBeside}. {@code --help}, {@code --debug} and {@code --quiet} are added to those of every command,
     * {@code --dry-run} and {@code --force} to those of every command that writes.
     */
    Options options();

    /** Command lines for its help page, the plainest first; at least one. */
    List<Example> examples();

    /**
     * Files that are read because one of the command line's files names them, such as the models of a recipe. They are inputs
     * like those that the options name: no output may be one of them.
     */
    default List<Path> furtherInputs(Values values) {
        return List.of();
    }

    /**
     * Does the work. The outputs have been looked at by {@link OutputGuard}: what {@link Values} gives can be written.
     *
     * @throws UsageException if the command line makes no sense
     * @throws io.squisher.SquisherException if the work cannot be done
     */
    ExitCode run(CommandLine line, Console console);
}
