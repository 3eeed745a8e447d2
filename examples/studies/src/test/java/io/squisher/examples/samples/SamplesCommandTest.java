package io.squisher.examples.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command refuses; the tests of the pages use what it writes. */
class SamplesCommandTest {
    @TempDir
    Path folder;

    @Test
    void replacesNothing() throws Exception {
        Path own = Files.writeString(folder.resolve("a.onnx"), "mine");
        Run inFolder = Run.of("samples", folder);
        assertEquals(1, inFolder.exitCode());
        assertEquals("squisher: cannot write '" + folder + "': it is not empty; give a new folder\n", inFolder.err());
        Run onFile = Run.of("samples", own);
        assertEquals(1, onFile.exitCode());
        assertTrue(onFile.err().contains("it is a file; give a new folder"), onFile.err());
        assertEquals("mine", Files.readString(own));
    }

    @Test
    void takesOneFolder() {
        assertEquals(2, Run.of("samples").exitCode());
        assertEquals(2, Run.of("samples", "a", "b").exitCode());
    }
}
