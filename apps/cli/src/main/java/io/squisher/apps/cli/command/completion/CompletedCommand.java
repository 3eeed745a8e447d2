package io.squisher.apps.cli.command.completion;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import java.util.List;

/**
 * What a script knows of a command.
 *
 * @param words what its arguments may be; none if they are files
 */
record CompletedCommand(String name, String summary, List<CompletedOption> options, List<String> words) {
    static CompletedCommand of(Command command) {
        return new CompletedCommand(
                command.name(),
                command.summary(),
                CommandOptions.of(command).getOptions().stream()
                        .map(CompletedOption::of)
                        .toList(),
                command.argumentWords());
    }
}
