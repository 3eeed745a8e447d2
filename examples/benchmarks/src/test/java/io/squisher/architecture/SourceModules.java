package io.squisher.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The modules of the build that have sources, as the POMs list them. The module {@code spark} tests its own: whoever builds the
 * suite to run it needs no Spark.
 */
final class SourceModules {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private SourceModules() {}

    /** Folders of main sources. */
    static List<Path> folders() {
        return under(ROOT)
                .filter(module -> !module.equals(ROOT.resolve("spark")))
                .map(module -> module.resolve("src/main/java"))
                .filter(Files::isDirectory)
                .toList();
    }

    private static Stream<Path> under(Path module) {
        Stream<Path> nested = MODULE.matcher(text(module.resolve("pom.xml")))
                .results()
                .flatMap(found -> under(module.resolve(found.group(1))));
        return Stream.concat(Stream.of(module), nested);
    }

    private static String text(Path pom) {
        try {
            return Files.readString(pom);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
