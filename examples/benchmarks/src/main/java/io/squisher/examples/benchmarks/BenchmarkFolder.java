package io.squisher.examples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A new folder for the large files of a benchmark, gone with all that is in it when the benchmark ends. */
record BenchmarkFolder(Path path) implements AutoCloseable {
    /** Inside the folder that the argument {@code folder} names, by default the system's temporary one. */
    static BenchmarkFolder of(Arguments options) throws IOException {
        Path parent = Path.of(options.text("folder", System.getProperty("java.io.tmpdir")));
        return new BenchmarkFolder(Files.createTempDirectory(Files.createDirectories(parent), "benchmark"));
    }

    Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(path)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                Files.delete(file);
            }
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
