package io.squisher.apps.cli.command.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import io.squisher.apps.cli.Run;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionCommandTest {
    static String script(String shell) {
        Run run = Run.of("completion", shell);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.err());
        return run.out();
    }

    /** The parts of a script that speak of one command. */
    private static String about(String command, String shell, String script) {
        Stream<String> parts = shell.equals("zsh")
                ? Pattern.compile("(?ms)^    " + command + "\\)$.*?^        ;;$")
                        .matcher(script)
                        .results()
                        .map(part -> part.group())
                : script.lines().filter(line -> line.matches(".*'(__squisher_command )?" + command + "['\\s].*"));
        return String.join("\n", parts.toList());
    }

    private static BiPredicate<String, String> has(String shell) {
        return (text, name) -> Pattern.compile((shell.equals("fish") ? " -l " : "--") + name + "(?![\\w-])")
                .matcher(text)
                .find();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void hasEveryCommandAndOptionAndWord(String shell) {
        String script = script(shell);
        for (Command command : CommandOptions.commands()) {
            String about = about(command.name(), shell, script);
            for (Option option : CommandOptions.of(command).getOptions()) {
                assertTrue(has(shell).test(about, option.getLongOpt()), command.name() + " --" + option.getLongOpt());
                String words = String.join(" ", CompletedOption.of(option).words());
                assertTrue(about.contains(words), command.name() + " --" + option.getLongOpt() + " " + words);
            }
        }
    }

    @Test
    void anythingElseIsWrongUsage() {
        for (List<String> words :
                List.<List<String>>of(List.of("bsh"), List.of(), List.of("bash", "zsh"), List.of(""))) {
            Run run = Run.of(
                    Stream.concat(Stream.of("completion"), words.stream()).toArray());
            assertEquals(2, run.exitCode(), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
        assertTrue(Run.of("completion", "bsh").err().contains("did you mean 'bash'?"));
    }
}
