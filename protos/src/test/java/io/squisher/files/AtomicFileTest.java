package io.squisher.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void appearsOnlyWhenCommitted() throws IOException {
        Path target = folder.resolve("out");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.append(ByteBuffer.wrap(new byte[] {1, 2}));
            assertTrue(Files.notExists(target));
            file.append(ByteBuffer.wrap(new byte[] {3}));
            file.commit();
        }
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(target));
        assertEquals(List.of(target), entries());
    }

    @Test
    void leavesNothingWhenClosedWithoutCommit() throws IOException {
        try (AtomicFile file = AtomicFile.create(folder.resolve("out"))) {
            file.append(ByteBuffer.wrap(new byte[] {1}));
        }
        assertEquals(List.of(), entries());
    }

    @Test
    void anAbortKeepsTheOlderFile() throws IOException {
        Path target = Files.write(folder.resolve("out"), new byte[] {9, 9, 9});
        assertThrows(IllegalStateException.class, () -> {
            try (AtomicFile file = AtomicFile.create(target)) {
                file.append(ByteBuffer.wrap(new byte[] {1}));
                throw new IllegalStateException("the computation failed");
            }
        });
        assertArrayEquals(new byte[] {9, 9, 9}, Files.readAllBytes(target));
        assertEquals(List.of(target), entries());
    }

    /** A program that ends in the middle of writing. */
    static final class Interrupted {
        public static void main(String[] arguments) {
            AtomicFile file = AtomicFile.create(Path.of(arguments[0]));
            file.append(ByteBuffer.wrap(new byte[] {1}));
            System.exit(3);
        }
    }

    @Test
    void theEndOfTheProcessLeavesNothing() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Interrupted.class.getName(),
                        folder.resolve("out").toString())
                .inheritIO()
                .start();
        assertEquals(3, process.waitFor());
        assertEquals(List.of(), entries());
    }

    /** A program that begins to write, says so, and goes on until it is killed. */
    static final class Endless {
        public static void main(String[] arguments) throws IOException {
            AtomicFile file = AtomicFile.create(Path.of(arguments[0]));
            file.append(ByteBuffer.wrap(new byte[] {1}));
            System.out.write('\n');
            System.out.flush();
            System.in.read();
        }
    }

    @Test
    void removesWhatAKilledProcessLeftAndNotWhatALivingOneWrites() throws IOException, InterruptedException {
        Path target = folder.resolve("out");
        Path other = Files.write(folder.resolve(".other.6b8b4567-327b-23c6-643c-986966334873.tmp"), new byte[1]);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Endless.class.getName(),
                        target.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals('\n', process.getInputStream().read());
            assertEquals(2, entries().size());
            AtomicFile.write(target, new byte[] {7});
            assertEquals(3, entries().size(), "the living process's file must stay");
        } finally {
            process.destroyForcibly().waitFor();
        }
        AtomicFile.write(target, new byte[] {8});
        assertEquals(Set.of(target, other), Set.copyOf(entries()));
    }

    @Test
    void anotherFileOfThisProcessUnderTheSameNameStays() throws IOException {
        Path target = folder.resolve("out");
        try (AtomicFile first = AtomicFile.create(target)) {
            first.append(ByteBuffer.wrap(new byte[] {1}));
            AtomicFile.write(target, new byte[] {7});
            first.commit();
        }
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(target));
        assertEquals(List.of(target), entries());
    }

    @Test
    void replacesALongerFileWhole() throws IOException {
        Path target = Files.write(folder.resolve("out"), new byte[100]);
        AtomicFile.write(target, new byte[] {7});
        assertArrayEquals(new byte[] {7}, Files.readAllBytes(target));
    }

    @Test
    void aMissingFolderIsNamed() {
        Path target = folder.resolve("no/such/out");
        Exception e = assertThrows(FormatException.class, () -> AtomicFile.create(target));
        assertEquals(
                "cannot write '" + target + "': the folder '" + target.getParent() + "' does not exist",
                e.getMessage());
    }

    @Test
    void aFolderInItsPlaceIsRefused() {
        Exception e = assertThrows(FormatException.class, () -> AtomicFile.create(folder));
        assertEquals("cannot write '" + folder + "': it is a folder", e.getMessage());
    }

    @Test
    void aFileAmongTheFoldersIsReportedWithoutTheTemporaryName() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[0]);
        Exception e = assertThrows(FormatException.class, () -> AtomicFile.create(file.resolve("out")));
        assertTrue(e.getMessage().startsWith("cannot write '" + file.resolve("out") + "': "), e.getMessage());
        assertTrue(!e.getMessage().contains(".tmp"), e.getMessage());
    }

    private List<Path> entries() throws IOException {
        try (var list = Files.list(folder)) {
            return list.toList();
        }
    }

    @Test
    void saysBeforeTheWorkWhetherANameCanBe(@TempDir Path place) {
        assertEquals(Optional.empty(), AtomicFile.problemOf(place.resolve("x".repeat(200))));
        for (int length : new int[] {230, 256, 5000}) {
            // While it is written, a file has a longer name than its own.
            assertTrue(AtomicFile.problemOf(place.resolve("x".repeat(length))).isPresent(), length + " characters");
        }
        assertEquals(
                Optional.of("there is no folder '" + place.resolve("none") + "'"),
                AtomicFile.problemOf(place.resolve("none/x")));
        assertEquals(Optional.empty(), AtomicFile.problemOfFolder(place.resolve("a/b/c")));
        assertTrue(AtomicFile.problemOfFolder(place.resolve("a/" + "x".repeat(256) + "/c"))
                .isPresent());
    }
}
