package io.squisher.templates;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders of the templates. */
final class Templates {
    private Templates() {}

    /** Every folder beside this project's own that has a POM. */
    static List<Path> folders() {
        try (Stream<Path> beside = Files.list(Path.of(""))) {
            return beside.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Java files of a template. */
    static List<Path> sources(Path folder) {
        try (Stream<Path> files = Files.walk(folder.resolve("src"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The class with the {@code main}. */
    static Path program(Path folder) {
        List<Path> programs = sources(folder).stream()
                .filter(file -> text(file).contains("public static void main("))
                .toList();
        if (programs.size() != 1) {
            throw new AssertionError(folder + " has not one program but " + programs);
        }
        return programs.get(0);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
