package io.squisher.apps.cli.command.manual;

import io.squisher.SquisherException;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher man}: the manual page of the program or of a command, for {@code man} to show. */
public final class ManCommand implements Command {
    @Override
    public String name() {
        return "man";
    }

    @Override
    public String summary() {
        return "Print the manual page of squisher or of a command, in groff's format";
    }

    @Override
    public String arguments() {
        return "[COMMAND]";
    }

    @Override
    public List<String> argumentWords() {
        return CommandOptions.commands().stream().map(Command::name).toList();
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public List<Example> examples() {
        return List.of(new Example("a page that 'man ./squisher-merge.1' shows", "man merge > squisher-merge.1"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        List<String> words = line.getArgList();
        if (words.size() > 1) {
            throw values.wrong("expected one command at most, not " + words.size());
        }
        List<Command> commands = CommandOptions.commands();
        String page = words.isEmpty() ? ManualPage.of(commands) : ManualPage.of(named(words.get(0), commands, values));
        console.print(page.stripTrailing());
        return ExitCode.DONE;
    }

    private static Command named(String word, List<Command> commands, Values values) {
        try {
            String name =
                    Domain.oneOf(commands.stream().map(Command::name).toList()).apply(word);
            return commands.stream()
                    .filter(command -> command.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        } catch (SquisherException e) {
            throw values.wrong("the command " + e.getMessage());
        }
    }
}
