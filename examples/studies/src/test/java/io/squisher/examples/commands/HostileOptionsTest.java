package io.squisher.examples.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.HostileValues;
import io.squisher.apps.cli.Run;
import io.squisher.apps.cli.option.OutputKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As the tests of the command line do with its own commands: no value is answered by a trace or by the work of an hour. */
class HostileOptionsTest {
    /** Lines that end before the work: the first files that they want are a folder that is not there, or a file. */
    private static final Map<String, String> SOUND = Map.of(
            "demo", "--seeds 1 --steps 1 --pretraining-steps 1 -o FILE",
            "reproduce", "--full --data NOWHERE --seeds 1 -o FOLDER/report");

    @TempDir
    private static Path folder;

    static Stream<Arguments> options() {
        return ServiceLoader.load(Command.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(command -> command.getClass().getName().startsWith("io.squisher.examples."))
                .flatMap(command -> command.options().getOptions().stream()
                        .filter(Option::hasArg)
                        .map(option -> Arguments.of(command.name(), option.getLongOpt(), option)));
    }

    @ParameterizedTest(name = "{0} --{1}")
    @MethodSource("options")
    void everyValueIsRefusedInOneLine(String command, String name, Option option) throws Exception {
        Path file = folder.resolve("file");
        Files.writeString(file, "A file, where a folder is needed.");
        for (String hostile : HostileValues.VALUES) {
            List<String> words = new ArrayList<>(List.of(command));
            List<String> sound = Arrays.asList(SOUND.get(command).split(" "));
            for (int i = 0; i < sound.size(); i++) {
                if (sound.get(i).equals("--" + name) || sound.get(i).equals("-" + option.getOpt())) {
                    i++;
                } else {
                    words.add(sound.get(i)
                            .replace("FILE", file.toString())
                            .replace("NOWHERE", folder.resolve("none").toString())
                            .replace("FOLDER", folder.toString()));
                }
            }
            boolean output = option.getConverter() instanceof OutputKind;
            // Under a file there is no folder: what could be a name is refused too.
            words.add("--" + name + "=" + (output && !hostile.isEmpty() ? file + "/" + hostile : hostile));
            Run run = Run.of(words.toArray());
            HostileValues.assertOneLine(run, command + " --" + name + " '" + hostile + "'");
            assertTrue(run.exitCode() > 0, command + " --" + name + " '" + hostile + "' was taken");
        }
    }

    @Test
    void aSettingThatIsNearlyRightIsProposed() {
        Run run = Run.of("reproduce", "--setting", "prunning");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("not 'prunning', did you mean 'pruning'?"), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "demo --grid", "reproduce", "reproduce --full --download", "reproduce --ablations"})
    void aDryRunSaysWhatWouldRunAndWritesNothing(String line) {
        Path output = folder.resolve("dry");
        List<Object> words = new ArrayList<>(List.of(line.split(" ")));
        words.addAll(List.of("-o", output, "--dry-run"));
        Run run = Run.of(words.toArray());
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("dry run: ") && run.out().contains(output.toString()), run.out());
        assertFalse(Files.exists(output));
    }
}
