package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a class of these tests where a folder is mounted in another way, seen by that process alone. */
final class OwnDisk {
    private static final Path UNSHARE = Path.of("/usr/bin/unshare");
    private static final List<String> OWN_MOUNTS =
            List.of(UNSHARE.toString(), "--map-root-user", "--mount", "sh", "-c");

    private OwnDisk() {}

    /**
     * What the child prints; its arguments are the folder and {@code more}. The test is skipped where the system lets nobody
     * mount.
     *
     * @param mount the shell's command that mounts
     */
    static List<String> run(String mount, Class<?> main, Path folder, String... more)
            throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(UNSHARE) && succeeds(mount), "no disk of one's own here");
        List<String> command = new ArrayList<>(OWN_MOUNTS);
        command.addAll(List.of(mount + " && exec \"$@\"", "sh"));
        command.addAll(CrashTest.java(main, folder));
        command.addAll(List.of(more));
        return outputOf(command);
    }

    private static boolean succeeds(String mount) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(OWN_MOUNTS);
        command.add(mount);
        return new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** The lines that a child which must succeed prints. */
    static List<String> outputOf(List<String> command) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), output);
        return output.lines().toList();
    }
}
