package io.squisher.examples.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.CommandOptions;
import io.squisher.apps.cli.Main;
import io.squisher.examples.documents.CommandLines;
import io.squisher.examples.documents.DocumentPage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of docs/applications.md on the sample files, and every name in its sections. */
class ApplicationsPageTest {
    private static final Path PAGE = Path.of("../../docs/applications.md");
    private static final Pattern FLAG = Pattern.compile("(?<!-)--([a-z0-9][a-z0-9-]*)");
    private static final Pattern CALL = Pattern.compile("`([a-z.]+\\.[A-Z]\\w+)(?:\\.(\\w+))?`");
    private static final String FILE = ".*\\.(onnx|safetensors|npy|npz|json|png|svg|yaml)";
    private static final String LIBRARY = "- Library: ";

    private static DocumentPage page;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void read() throws IOException {
        page = DocumentPage.read(PAGE);
    }

    private static void run(List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                words.toArray(String[]::new));
        assertEquals(0, code, words + ": " + err.toString(StandardCharsets.UTF_8));
        assertTrue(out.size() > 0, words + " printed nothing");
    }

    @Test
    void everyCommandIsOneThatTheCommandLineTakes() throws ParseException {
        CommandLines.requireTaken(page.commands());
    }

    @Tag("slow")
    @Test
    void everyCommandRunsAsWrittenOnTheSamples() throws IOException {
        Path samples = folder.resolve("samples");
        assertEquals("squisher samples samples", page.commands().get(0));
        run(List.of("samples", samples.toString()));
        for (Map.Entry<String, String> file : page.files().entrySet()) {
            assertEquals(
                    file.getValue(),
                    Files.readString(samples.resolve(file.getKey())).strip(),
                    "the page's and the sample");
        }
        assertTrue(page.commands().size() > 20, page.commands().toString());
        for (String command : page.commands().subList(1, page.commands().size())) {
            // The page says to go to the folder first; a process cannot, so the words that name files do.
            run(Arrays.stream(command.split(" "))
                    .skip(1)
                    .map(word -> word.matches(FILE) ? samples.resolve(word).toString() : word)
                    .toList());
            assertOutputExists(command, samples);
        }
    }

    private static void assertOutputExists(String command, Path samples) {
        Matcher output = Pattern.compile("(?:-o|-out|--plot) (\\S+)").matcher(command);
        while (output.find()) {
            assertTrue(Files.exists(samples.resolve(output.group(1))), command + " wrote no " + output.group(1));
        }
    }

    @Test
    void everyOptionOfAnApplicationIsOneOfItsCommands() {
        assertEquals(12, applications().size(), page.sections().keySet().toString());
        for (String application : applications()) {
            Set<String> names = page.commandNames(application);
            Matcher flag = FLAG.matcher(page.sections().get(application));
            while (flag.find()) {
                String option = flag.group(1);
                assertTrue(
                        names.stream().anyMatch(name -> hasOption(name, option)),
                        application + ": --" + option + " is an option of none of " + names);
            }
        }
    }

    /** The sections that name a call of the library. */
    private static List<String> applications() {
        return page.sections().entrySet().stream()
                .filter(section -> section.getValue().contains(LIBRARY))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean hasOption(String name, String option) {
        return ServiceLoader.load(Command.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(command -> command.name().equals(name))
                .anyMatch(command -> CommandOptions.of(command).hasLongOption(option));
    }

    @Test
    void everyLibraryCallExists() throws ClassNotFoundException {
        for (String application : applications()) {
            String line = page.sections()
                    .get(application)
                    .lines()
                    .filter(said -> said.startsWith(LIBRARY))
                    .findFirst()
                    .orElseThrow();
            Matcher call = CALL.matcher(line);
            assertTrue(call.find(), line);
            call.reset();
            while (call.find()) {
                Class<?> type = Class.forName("io.squisher.apps." + call.group(1));
                String method = call.group(2);
                assertTrue(
                        method == null
                                || Arrays.stream(type.getMethods())
                                        .anyMatch(given -> given.getName().equals(method)),
                        () -> String.format(Locale.ROOT, "%s has no method %s", type, method));
            }
        }
    }
}
