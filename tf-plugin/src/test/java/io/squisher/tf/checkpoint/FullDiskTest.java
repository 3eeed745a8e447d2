package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.files.OwnDisk;
import io.squisher.tf.DigitsNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Session;

/**
 * A child process that may write files of a megabyte at most: the system refuses the rest of a file as a full disk does. And one
 * with a disk of its own, in memory, on which one pair has room and not two.
 */
class FullDiskTest {
    private static final Path SHELL = Path.of("/bin/bash");

    @TempDir
    private Path folder;

    /** The child: goes on from the folder's pair, or saves a first one, and tries to save, by the manager and without. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        try (DigitsNetwork network = KilledTraining.wide()) {
            Squisher squisher = Squisher.attach(network.graph);
            try (Session session = new Session(network.graph);
                    CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(1))) {
                if (manager.latest().isEmpty()) {
                    session.initialize();
                    manager.save(session, 1);
                    manager.await();
                }
                report("restored " + manager.restoreLatest(session).orElseThrow());
                manager.save(session, 2);
                attempt(manager::await);
                attempt(() -> squisher.save(session, folder.resolve("alone")));
                attempt(() -> manager.save(session, 3));
                attempt(manager::await);
                if (arguments.length > 1) {
                    report("restored " + manager.restoreLatest(session).orElseThrow());
                    report(String.join(" ", files(folder)));
                }
            }
        }
    }

    private static void attempt(Runnable save) {
        try {
            save.run();
            report("done");
        } catch (SquisherException e) {
            report(e.getMessage());
        }
    }

    private static void report(String line) {
        System.out.println(line);
    }

    @Test
    void aSaveThatDoesNotFitIsReportedAndLeavesTheOlderPairAlone() throws Exception {
        assumeTrue(Files.isExecutable(SHELL), "the limit is set by a shell");
        List<String> before;
        try (DigitsNetwork network = KilledTraining.wide();
                Session session = new Session(network.graph)) {
            session.initialize();
            Squisher squisher = Squisher.attach(network.graph);
            try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(1))) {
                manager.save(session, 1);
            }
            before = files(folder);
            List<String> said = runLimited();
            assertEquals("restored 1", said.get(0));
            String data = "cannot write '" + folder.resolve("ckpt-2.data-00000-of-00001") + "': ";
            assertTrue(said.get(1).startsWith(data), said.toString());
            assertTrue(said.get(2).startsWith("cannot write '" + folder.resolve("alone.data")), said.toString());
            assertEquals("done", said.get(3), "a save begins though the one before failed");
            assertTrue(said.get(4).startsWith("cannot write '" + folder.resolve("ckpt-3.data")), said.toString());
            assertEquals(5, said.size(), said.toString());
            assertEquals(before, files(folder));
            try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(1))) {
                assertEquals(OptionalLong.of(1), manager.restoreLatest(session));
            }
        }
    }

    /** The disk is seen by the child alone, so it says what is on it. */
    @Test
    void onAFullDiskTheOlderPairStays() throws Exception {
        List<String> said = OwnDisk.run(OwnDisk.ofSize("5m", folder), OwnDisk.java(FullDiskTest.class, folder, "list"));
        assertEquals("restored 1", said.get(0));
        for (int failed : new int[] {1, 2, 4}) {
            assertTrue(said.get(failed).endsWith("No space left on device"), said.toString());
        }
        assertEquals("restored 1", said.get(5));
        assertEquals(
                ".squisher.lock checkpoint ckpt-1.data-00000-of-00001 ckpt-1.index ckpt-1.squisher.safetensors",
                said.get(6));
    }

    private List<String> runLimited() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SHELL.toString(), "-c", "ulimit -f 1024; exec \"$@\"", "sh"));
        command.addAll(OwnDisk.java(FullDiskTest.class, folder));
        return OwnDisk.outputOf(command);
    }

    private static List<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
