package io.squisher.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of this module write into a folder; what they refuse to write into. */
class ReportFolderTest {
    @TempDir
    Path folder;

    private static String refused(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                words);
        String message = err.toString(StandardCharsets.UTF_8);
        assertEquals(1, code, message);
        assertEquals(1, message.lines().count(), message);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        return message;
    }

    @Test
    void theFolderOfTheDataIsNotTheFolderOfTheReport() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("data")));
        for (Path data : new Path[] {folder.resolve("data"), link, folder.resolve("data/../data")}) {
            String message = refused(
                    "reproduce",
                    "--full",
                    "--data",
                    data.toString(),
                    "-o",
                    folder.resolve("data").toString());
            assertTrue(message.contains("it is the input '" + data + "'; give another folder"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "reproduce"})
    void aFileIsNoFolderAndAReportReplacesNothingElse(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        String message = refused(command, "-o", file.toString());
        assertTrue(message.contains("it is a file, and a folder is needed"), message);
        for (String name : new String[] {"report.html", "results.json", "panels.png", "tables.md"}) {
            Path own = Files.createDirectories(folder.resolve(name + "-folder")).resolve(name);
            Files.writeString(own, "My notes.\n");
            message = refused(command, "-o", own.getParent().toString());
            assertTrue(message.contains("cannot write '" + own + "': there is text"), message);
            assertEquals("My notes.\n", Files.readString(own));
        }
    }
}
