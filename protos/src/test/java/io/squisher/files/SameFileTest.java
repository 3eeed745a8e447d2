package io.squisher.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameFileTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("a.txt"), "a");
    }

    @Test
    void linksAndDetoursLeadToTheSameFile() throws IOException {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        Path symbolic = Files.createSymbolicLink(sub.resolve("symbolic"), file);
        Path hard = Files.createLink(sub.resolve("hard"), file);
        Path around = Files.createSymbolicLink(folder.resolve("around"), sub);
        for (Path path : new Path[] {
            file, symbolic, hard, sub.resolve("../a.txt"), around.resolve("hard"), around.resolve("../a.txt")
        }) {
            assertTrue(SameFile.is(path, file), path.toString());
            assertTrue(SameFile.is(file, path), path.toString());
        }
    }

    @Test
    void otherFilesAreOthers() throws IOException {
        Path copy = Files.copy(file, folder.resolve("b.txt"));
        assertFalse(SameFile.is(file, copy));
        assertFalse(SameFile.is(file, folder.resolve("new.txt")));
        assertFalse(SameFile.is(file, folder.resolve("sub/a.txt")));
        assertFalse(SameFile.is(folder, file));
    }

    @Test
    void twoNewNamesAreOneFileWhereCaseOrUnicodeFormAloneDiffer() {
        assertTrue(SameFile.is(folder.resolve("out.onnx"), folder.resolve("OUT.onnx")));
        assertTrue(SameFile.is(folder.resolve("caf\u00e9"), folder.resolve("cafe\u0301")));
        assertTrue(SameFile.is(folder.resolve("no/such/../x"), folder.resolve("no/x")));
        assertFalse(SameFile.is(folder.resolve("out.onnx"), folder.resolve("out2.onnx")));
    }

    @Test
    void relativePathsAreComparedByWhereTheyLead() {
        Path here = Path.of("pom.xml");
        assertTrue(SameFile.is(here, here.toAbsolutePath()));
        assertEquals(SameFile.real(here), SameFile.real(Path.of(".").resolve(here)));
    }
}
