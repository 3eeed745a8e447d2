package io.squisher.apps.cli.command.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A shell of this machine that completes command lines of squisher. */
enum Shell {
    BASH("squisher.bash"),
    ZSH("_squisher", "interactive.zsh"),
    FISH("squisher.fish");

    private final String script;
    private final List<String> helpers;

    Shell(String script, String... helpers) {
        this.script = script;
        this.helpers = List.of(helpers);
    }

    private String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it offers at the end of a line in a folder, sorted, as names of files are; skips the test where the shell is missing. */
    List<String> offers(Path folder, String line) throws IOException, InterruptedException {
        assumeTrue(isInstalled(), () -> program() + " is not installed: its completion was not tried");
        Files.writeString(folder.resolve(script), CompletionCommandTest.script(program()));
        String offered = "offered." + program();
        for (String name : Stream.concat(Stream.of(offered), helpers.stream()).toList()) {
            try (InputStream resource = Shell.class.getResourceAsStream(name)) {
                Files.write(folder.resolve(name), resource.readAllBytes());
            }
        }
        List<String> command = new ArrayList<>(List.of(program(), offered));
        command.addAll(List.of(line.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), program() + " does not end");
        assertEquals(0, process.exitValue(), printed);
        return printed.lines()
                .map(word -> word.replace("\\", "").replaceFirst("/$", ""))
                .filter(word -> !word.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    private boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program())));
    }
}
