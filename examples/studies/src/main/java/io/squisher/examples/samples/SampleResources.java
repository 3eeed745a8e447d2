package io.squisher.examples.samples;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Checkpoints that other programs wrote, which the build takes from the tests of the readers. */
final class SampleResources {
    private static final String PLACE = "files";

    private SampleResources() {}

    /**
     * Copies files and whole folders.
     *
     * @param names the name in {@code folder}, and the resource
     */
    static void copy(Map<String, String> names, Path folder) throws IOException {
        List<String> all = all();
        for (Map.Entry<String, String> name : names.entrySet()) {
            for (String resource : all) {
                if (resource.equals(name.getValue()) || resource.startsWith(name.getValue() + "/")) {
                    Path to = folder.resolve(
                            name.getKey() + resource.substring(name.getValue().length()));
                    Files.createDirectories(to.getParent());
                    try (InputStream in = SampleResources.class.getResourceAsStream(PLACE + "/" + resource)) {
                        Files.copy(in, to);
                    }
                }
            }
        }
    }

    /** The names of all resources, from a jar or from a folder. A runtime of our own has no file system of archives. */
    private static List<String> all() throws IOException {
        URL place = SampleResources.class.getResource(PLACE);
        if (place == null) {
            throw new IllegalStateException("the sample files are missing from this installation");
        }
        if (place.openConnection() instanceof JarURLConnection jar) {
            String prefix = jar.getEntryName() + "/";
            return jar.getJarFile().stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(prefix) && !name.endsWith("/"))
                    .map(name -> name.substring(prefix.length()))
                    .toList();
        }
        try {
            Path folder = Path.of(place.toURI());
            try (Stream<Path> files = Files.walk(folder)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                        .toList();
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("not the place of a resource: " + place, e);
        }
    }
}
