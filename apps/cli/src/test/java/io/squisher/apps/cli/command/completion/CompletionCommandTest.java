package io.squisher.apps.cli.command.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import io.squisher.apps.cli.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionCommandTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeFiles() throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Files.createFile(folder.resolve("data one.npz"));
        Files.writeString(folder.resolve("squisher.bash"), script("bash"));
    }

    private static String script(String shell) {
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
    void bashTakesItsScript() throws Exception {
        assertEquals("", bash("-n", folder.resolve("squisher.bash").toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mer | merge",
                "--v | --version",
                "merge --met | --method",
                "merge --method fi | fisher",
                "merge --method = fi | fisher",
                "merge --scale da | dataset",
                "merge --seed d | ''",
                "fisher --data d | data,data one.npz",
                "fisher --data = d | data,data one.npz",
                "fisher --limit d | ''",
                "fisher d | data,data one.npz",
                "fisher -o d | data,data one.npz",
                "fisher --device cp | cpu",
                "completion z | zsh",
                "help simil | similarity"
            })
    void bashCompletes(String line, String expected) throws Exception {
        String words = "squisher " + line;
        String sorted = bash(
                "-c",
                "cd \"$0\" && . ./squisher.bash && COMP_WORDS=(" + words + ") && COMP_CWORD="
                        + (words.split(" ").length - 1) + " && _squisher && printf '%s\\n' \"${COMPREPLY[@]}\" | sort",
                folder.toString());
        assertEquals(expected, String.join(",", sorted.strip().split("\n")));
    }

    private static String bash(String... arguments) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no /bin/bash");
        Process process = new ProcessBuilder(Stream.concat(Stream.of("/bin/bash"), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), printed);
        return printed;
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
