package io.squisher.examples.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Main;
import io.squisher.examples.documents.DocumentPage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every command of docs/formats.md as it stands there, on files that the programs it speaks of wrote. */
class FormatsPageTest {
    private static final Path PAGE = Path.of("../../docs/formats.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static DocumentPage page;

    @TempDir
    private static Path folder;

    /** What a command printed. */
    private record Run(int code, String text) {}

    @BeforeAll
    static void writeFiles() throws IOException {
        page = DocumentPage.read(PAGE);
        FormatSamples.write(folder);
    }

    private static Run run(String command) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(text, true, StandardCharsets.UTF_8);
        List<String> words = List.of(command.split(" "));
        String[] arguments = words.stream()
                .skip(1)
                // The page is read in the folder of the files; a process cannot go there, so the words that name files
                // do.
                .map(word -> isFile(word, words) ? folder.resolve(word).toString() : word)
                .toArray(String[]::new);
        int code = Main.run(stream, stream, arguments);
        return new Run(code, text.toString(StandardCharsets.UTF_8));
    }

    private static boolean isFile(String word, List<String> words) {
        int at = words.indexOf(word);
        return words.get(at - 1).equals("-o")
                || Files.exists(folder.resolve(word))
                || Files.exists(folder.resolve(word + ".index"));
    }

    /** Each command runs, and its report has every word that the page tells the reader to look for. */
    @TestFactory
    Stream<DynamicTest> everyCommandOfTheTableRunsAndReportsWhatThePageSays() {
        List<List<String>> rows = page.rows().stream()
                .filter(row -> row.size() == 3 && row.get(1).startsWith("`squisher "))
                .toList();
        assertTrue(rows.size() > 15, rows.toString());
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    String command = code(row.get(1)).get(0);
                    Run run = run(command);
                    boolean refused = row.get(2).startsWith("refused");
                    assertEquals(refused ? 1 : 0, run.code(), command + ": " + run.text());
                    for (String words : code(row.get(2))) {
                        assertTrue(
                                run.text().contains(words), command + " does not say '" + words + "': " + run.text());
                    }
                }));
    }

    /** In the page's order, since one uses what another wrote. */
    @Test
    void theCommandsRunAfterOneAnotherUpToTheMapping() {
        List<String> commands = page.commands().stream()
                // Names of commands in running text have no options.
                .filter(command -> command.contains(" -"))
                .toList();
        for (String command : commands) {
            Run run = run(command);
            assertEquals(0, run.code(), command + ": " + run.text());
        }
        assertTrue(Files.exists(folder.resolve("mapped.safetensors")), commands.toString());
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(result -> result.group(1)).toList();
    }
}
