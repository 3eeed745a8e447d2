package io.squisher.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heavy libraries are loaded by the commands that use them, not by the listing of all commands. */
class LazyLoadingTest {
    private static final List<String> HEAVY = List.of(
            "ai.onnxruntime.",
            "org.tensorflow.internal.",
            "org.bytedeco.",
            "org.knowm.",
            "org.yaml.",
            "io.squisher.internal.jhdf.",
            "me.tongfei.",
            "io.squisher.internal.protobuf.");

    @ParameterizedTest
    @ValueSource(strings = {"--version", "--help", "help fisher", "help demo", "merge --help"})
    void helpLoadsNoHeavyLibrary(String line) throws IOException, InterruptedException {
        List<String> loaded = loadedClasses(line.split(" "));
        assertTrue(loaded.contains("io.squisher.apps.cli.Main"), "no list of classes: " + loaded);
        assertEquals(
                List.of(),
                loaded.stream()
                        .filter(name -> HEAVY.stream().anyMatch(name::startsWith))
                        .toList());
    }

    private static List<String> loadedClasses(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout:none",
                "-cp",
                System.getProperty("java.class.path"),
                "io.squisher.apps.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.lines()
                .filter(text -> text.contains(" source: "))
                .map(text -> text.substring(0, text.indexOf(' ')))
                .toList();
    }
}
