package io.squisher.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the compiler does not see: sizes of files, package documentation, words that promise later work. */
class SourceFilesTest {
    private static final Path ROOT = SourceModules.ROOT;
    private static final int MOST_LINES = 400;

    @Test
    void noFileIsLongerThanAReaderCanHold() throws IOException {
        List<String> tooLong = sources()
                .filter(file -> lines(file).size() > MOST_LINES)
                .map(SourceFilesTest::name)
                .toList();
        assertEquals(List.of(), tooLong);
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        List<String> silent = sources()
                .filter(file -> file.toString().contains("/src/main/"))
                // A template is one program, whose README says what it is for.
                .filter(file -> !file.startsWith(ROOT.resolve("examples/templates")))
                .map(Path::getParent)
                .distinct()
                .filter(folder -> Files.notExists(folder.resolve("package-info.java")))
                .map(SourceFilesTest::name)
                .toList();
        assertEquals(List.of(), silent);
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        // Spelled apart so that this file does not find itself.
        List<String> words = List.of("TO" + "DO", "FIX" + "ME", "@Dis" + "abled");
        List<String> found = sources()
                .filter(file ->
                        lines(file).stream().anyMatch(line -> words.stream().anyMatch(line::contains)))
                .map(SourceFilesTest::name)
                .toList();
        assertEquals(List.of(), found);
    }

    @Test
    void theSourcesOfAllModulesWereSeen() throws IOException {
        Set<Path> seen = sources().collect(Collectors.toSet());
        List<String> unseen = SourceModules.folders().stream()
                .filter(folder -> seen.stream().noneMatch(file -> file.startsWith(folder)))
                .map(SourceFilesTest::name)
                .toList();
        assertEquals(List.of(), unseen);
        assertFalse(seen.isEmpty());
    }

    private static Stream<Path> sources() throws IOException {
        return walk(ROOT)
                .filter(file -> file.endsWith("pom.xml"))
                .filter(pom -> !name(pom).contains("target/"))
                .map(pom -> pom.resolveSibling("src"))
                .filter(Files::isDirectory)
                .flatMap(SourceFilesTest::walk)
                .filter(file -> file.toString().endsWith(".java"));
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return ROOT.relativize(file).toString();
    }
}
