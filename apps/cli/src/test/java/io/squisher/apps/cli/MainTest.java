package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.apps.cli.output.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void everyCommandHasAHelpPageWithExamplesOfItself() {
        Run overview = Run.of("--help");
        assertEquals(0, overview.exitCode());
        for (Command command : ServiceLoader.load(Command.class)) {
            Run page = Run.of(command.name(), "--help");
            assertEquals(0, page.exitCode());
            assertTrue(page.out().contains("squisher " + command.name()), page.out());
            assertTrue(overview.out().contains(command.name()), overview.out());
            assertFalse(command.examples().isEmpty(), command.name());
            command.examples()
                    .forEach(example ->
                            assertTrue(example.commandLine().startsWith(command.name() + " "), example.commandLine()));
        }
    }

    @Test
    void printsTheVersionOfTheBuild() {
        assertTrue(Run.of("--version").out().matches("squisher \\d+\\.\\d+\\.\\d+\\S*\\R"));
    }

    @Test
    void suggestsTheCommandAndOptionThatWereMeant() {
        Run command = Run.of("inspekt", "x");
        assertEquals(2, command.exitCode());
        assertEquals(
                "squisher: unknown command 'inspekt', did you mean 'inspect'?; 'squisher --help' lists the commands",
                command.err().strip());

        assertTrue(Run.of("fihser").err().contains("did you mean 'fisher'?"));
        assertTrue(Run.of("merge", "--method", "fihser", "--model", "a", "-o", "x")
                .err()
                .contains("did you mean 'fisher'?"));

        Run option = Run.of("compare", "a", "b", "--rotl", "1");
        assertEquals(2, option.exitCode());
        assertTrue(option.err().contains("unknown option '--rotl', did you mean '--rtol'?"), option.err());
    }

    @Test
    void explainsItselfHoweverItIsAsked() {
        String overview = Run.of("--help").out();
        for (Run run : List.of(
                Run.of(), Run.of("-h"), Run.of("help"), Run.of("--json", "--help"), Run.of("--frobnicate", "-h"))) {
            assertEquals(0, run.exitCode(), run.err());
            assertEquals(overview, run.out());
        }
        String page = Run.of("help", "merge").out();
        for (Run run : List.of(
                Run.of("merge", "--help"),
                Run.of("merge", "-h"),
                Run.of("merge", "--model", "a", "--nonsense", "--help"))) {
            assertEquals(0, run.exitCode(), run.err());
            assertEquals(page, run.out());
        }
        for (Run run :
                List.of(Run.of("-V"), Run.of("--version"), Run.of("merge", "--version"), Run.of("merge", "-V"))) {
            assertEquals(0, run.exitCode(), run.err());
            assertTrue(run.out().startsWith("squisher "), run.out());
        }
    }

    @Test
    void wrongUsageIsTwo() {
        for (Run run : List.of(
                Run.of("compare", "onlyone"),
                Run.of("compare", "a", "b", "--rtol", "much"),
                Run.of("compare", "a", "b", "--rtol"),
                Run.of("merge", "--model", "a.onnx", "-o", "x"),
                Run.of("merge", "--fisher", "f", "--model", "a", "--model", "b", "-o", "x"),
                Run.of("merge", "--method", "magic", "--model", "a", "--model", "b", "-o", "x"),
                Run.of("merge", "--scale", "huge", "--model", "a", "--model", "b", "-o", "x"),
                Run.of("merge", "--exclude", "(", "--model", "a", "--model", "b", "-o", "x"),
                Run.of("merge", "--model", "a", "--model", "b"))) {
            assertEquals(2, run.exitCode(), run.err());
            assertEquals("", run.out());
        }
    }

    @Test
    void failuresAreOneLineAndTheTraceIsForWhoAsks() {
        Run plain = failing(new IllegalStateException("oops"), "fail");
        assertEquals(1, plain.exitCode());
        assertEquals(
                "squisher: this is a fault of squisher itself (java.lang.IllegalStateException: oops); --debug shows where,"
                        + " please report it",
                plain.err().strip());

        assertTrue(failing(new IllegalStateException("oops"), "fail", "--debug")
                .err()
                .contains("\tat "));
        assertEquals(
                "squisher: no luck",
                failing(new SquisherException("no luck"), "fail").err().strip());
    }

    private static Run failing(RuntimeException failure, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        ExitCode code = new Main(List.of(new Failing(failure)), stream, stream).run(args);
        return new Run(code.number(), "", err.toString(StandardCharsets.UTF_8));
    }

    private record Failing(RuntimeException failure) implements Command {
        @Override
        public String name() {
            return "fail";
        }

        @Override
        public String summary() {
            return "Fail";
        }

        @Override
        public String arguments() {
            return "";
        }

        @Override
        public Options options() {
            return new Options();
        }

        @Override
        public List<Example> examples() {
            return List.of(new Example("fail", "fail"));
        }

        @Override
        public ExitCode run(CommandLine line, Console console) {
            throw failure;
        }
    }
}
