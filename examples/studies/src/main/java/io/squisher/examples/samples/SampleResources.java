package io.squisher.examples.samples;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Checkpoints that other programs wrote, which the build takes from the tests of the readers. */
final class SampleResources {
    private SampleResources() {}

    /**
     * Copies files and whole folders.
     *
     * @param names the name in {@code folder}, and the resource beside this class
     */
    static void copy(Map<String, String> names, Path folder) throws IOException {
        URI place = place();
        if (place.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                copy(names, jar.provider().getPath(place), folder);
            }
        } else {
            copy(names, Path.of(place), folder);
        }
    }

    private static URI place() {
        URL found = SampleResources.class.getResource("files");
        if (found == null) {
            throw new IllegalStateException("the sample files are missing from this installation");
        }
        try {
            return found.toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("not the place of a resource: " + found, e);
        }
    }

    private static void copy(Map<String, String> names, Path resources, Path folder) throws IOException {
        for (Map.Entry<String, String> name : names.entrySet()) {
            Path from = resources.resolve(name.getValue());
            for (Path file : files(from)) {
                Path to = file.equals(from)
                        ? folder.resolve(name.getKey())
                        : folder.resolve(name.getKey())
                                .resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
