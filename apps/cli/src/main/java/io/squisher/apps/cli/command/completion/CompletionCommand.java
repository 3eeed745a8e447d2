package io.squisher.apps.cli.command.completion;

import io.squisher.SquisherException;
import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher completion}: a script with which a shell completes command lines. */
public final class CompletionCommand implements Command {
    private static final Map<String, Function<List<CompletedCommand>, String>> SHELLS =
            new TreeMap<>(Map.of("bash", BashScript::of, "zsh", ZshScript::of, "fish", FishScript::of));
    private static final Domain<String> SHELL = Domain.oneOf(List.copyOf(SHELLS.keySet()));

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public String summary() {
        return "Print a script with which bash, zsh or fish completes command lines";
    }

    @Override
    public String arguments() {
        return "bash|zsh|fish";
    }

    @Override
    public List<String> argumentWords() {
        return SHELL.words();
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "for bash, from the next terminal on",
                        "completion bash > ~/.local/share/bash-completion/completions/squisher"),
                new Example("for fish", "completion fish > ~/.config/fish/completions/squisher.fish"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        List<String> words = line.getArgList();
        if (words.size() != 1) {
            throw values.wrong("expected " + arguments() + ", one word, not " + words.size());
        }
        console.print(SHELLS.get(shell(words.get(0), values)).apply(completed()).stripTrailing());
        return ExitCode.DONE;
    }

    private static String shell(String word, Values values) {
        try {
            return SHELL.apply(word);
        } catch (SquisherException e) {
            throw values.wrong("the shell's name " + e.getMessage().replaceFirst("^was given", "is"));
        }
    }

    /** What can be completed: the commands, and {@code help} with their names. */
    private static List<CompletedCommand> completed() {
        List<CompletedCommand> completed = new ArrayList<>(
                CommandOptions.commands().stream().map(CompletedCommand::of).toList());
        completed.add(new CompletedCommand(
                "help",
                "Show the page of a command",
                List.of(),
                completed.stream().map(CompletedCommand::name).toList()));
        return completed;
    }
}
