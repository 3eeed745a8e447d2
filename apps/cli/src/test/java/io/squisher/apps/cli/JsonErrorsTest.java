package io.squisher.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who asked for JSON gets JSON, whatever goes wrong: every command that has {@code --json}, with every option. */
class JsonErrorsTest {
    static Stream<String> commands() {
        return CommandOptions.commands().stream()
                .filter(command -> command.options().hasLongOption("json"))
                .map(Command::name);
    }

    private static Command command(String name) {
        return CommandOptions.commands().stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyFailureOfACommandIsADocument(String name) {
        List<Run> runs = new ArrayList<>(List.of(
                Run.of(name, "--json", "--no-such-option"),
                Run.of(name, "-json", "--no-such-option"),
                Run.of(name, "no/such\"file.onnx", "no/such/file.npz", "no/such/third", "--json")));
        for (Option option : command(name).options().getOptions()) {
            if (option.hasArg()) {
                String spelling = "--" + option.getLongOpt();
                runs.add(Run.of(name, "--json", spelling));
                runs.add(Run.of(name, "--json", spelling, ""));
                runs.add(Run.of(name, spelling + "=no/such/ü", "no/such/file", "--json"));
            }
        }
        runs.forEach(JsonErrorsTest::assertDocument);
    }

    @Test
    void aFailureOfTheWorkIsADocumentToo() {
        Run run = Run.of("inspect", "no/such.onnx", "--json");
        assertEquals(1, run.exitCode());
        assertDocument(run);
        assertDocument(Run.of("inspekt", "--json"));
    }

    private static void assertDocument(Run run) {
        assertTrue(run.exitCode() == 1 || run.exitCode() == 2, run.toString());
        List<String> lines = run.err().lines().toList();
        JsonObject document = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals(
                lines.get(lines.size() - 1),
                "squisher: " + document.get("error").getAsString());
        assertEquals(run.exitCode(), document.get("exit_code").getAsInt());
        assertEquals(2, document.size(), run.out());
    }

    @Test
    void whoDidNotAskGetsNone() {
        for (Run run : List.of(
                Run.of("inspect", "no/such.onnx"),
                Run.of("inspect", "--", "--json"),
                Run.of("inspect", "no/such.onnx", "--", "--json"))) {
            assertTrue(run.exitCode() > 0);
            assertEquals("", run.out());
        }
    }
}
