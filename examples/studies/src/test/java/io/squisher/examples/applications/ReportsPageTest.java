package io.squisher.examples.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Main;
import io.squisher.examples.documents.CommandLines;
import io.squisher.examples.documents.DocumentPage;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.report.PageFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/reports.md, on the sample files, and the pages that they write. */
class ReportsPageTest {
    private static final Path PAGE = Path.of("../../docs/reports.md");
    private static final String FILE = ".*\\.(onnx|safetensors|npz|html)";
    private static final int MEGABYTE = 1 << 20;

    private static List<String> commands() throws IOException {
        List<String> commands = DocumentPage.read(PAGE).commands().stream()
                .filter(command ->
                        command.contains(" -o ") || command.contains("--report ") && command.contains(".html"))
                .filter(command -> !command.contains("FILE.html"))
                .toList();
        assertTrue(commands.size() >= 6, commands.toString());
        return commands;
    }

    @Test
    void everyCommandIsOneThatTheCommandLineTakes() throws IOException, ParseException {
        CommandLines.requireTaken(commands());
    }

    @Tag("slow")
    @Test
    void everyCommandRunsAsWrittenOnTheSamples(@TempDir Path folder) throws IOException {
        run(List.of("samples", folder.resolve("samples").toString()));
        for (String command : commands()) {
            run(Arrays.stream(command.split(" "))
                    .skip(1)
                    .map(word -> word.matches(FILE)
                            ? folder.resolve("samples").resolve(word).toString()
                            : word)
                    .toList());
            Matcher page = Pattern.compile("(\\S+\\.html)").matcher(command);
            while (page.find()) {
                assertPage(folder.resolve("samples").resolve(page.group(1)));
            }
        }
    }

    private static void assertPage(Path page) throws IOException {
        assertTrue(Files.size(page) > MEGABYTE && Files.size(page) < 5 * MEGABYTE, page + ": " + Files.size(page));
        JsonObject results = JsonParser.parseString(Files.readString(PageFile.resultsBeside(page)))
                .getAsJsonObject();
        assertEquals(PageFile.SCHEMA, results.get("$schema").getAsString());
        assertTrue(results.getAsJsonObject("tables").size() > 0, page + " has no table");
    }

    private static void run(List<String> words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                words.toArray(String[]::new));
        assertEquals(0, code, words + ": " + err.toString(StandardCharsets.UTF_8));
    }
}
