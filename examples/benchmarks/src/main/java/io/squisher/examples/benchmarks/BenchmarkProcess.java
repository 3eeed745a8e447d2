package io.squisher.examples.benchmarks;

import io.squisher.SquisherException;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One run of a benchmark in a Java of its own. */
final class BenchmarkProcess {
    private BenchmarkProcess() {}

    /**
     * Runs it, with the same Java and classes.
     *
     * @return what it printed
     * @throws SquisherException if it fails
     */
    static JsonElement run(Benchmark benchmark) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xmx" + benchmark.heap(),
                "-cp",
                System.getProperty("java.class.path"),
                benchmark.program()));
        command.addAll(benchmark.arguments());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new SquisherException("the benchmark " + benchmark.word() + " ended with status " + status
                        + "; its complaint stands above");
            }
            return JsonParser.parseString(printed);
        } catch (JsonParseException e) {
            throw new SquisherException("the benchmark " + benchmark.word() + " did not print JSON", e);
        } catch (IOException e) {
            throw new SquisherException("cannot start the benchmark " + benchmark.word() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SquisherException("the benchmark " + benchmark.word() + " was interrupted", e);
        }
    }
}
