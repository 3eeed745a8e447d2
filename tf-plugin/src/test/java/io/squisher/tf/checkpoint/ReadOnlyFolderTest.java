package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.files.OwnDisk;
import io.squisher.tf.DigitsNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Session;

/** A folder on a disk that is mounted read-only: not even root can write there. */
class ReadOnlyFolderTest {
    @TempDir
    private Path folder;

    /** The child: tries to save, by the manager and without, and restores. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        try (DigitsNetwork network = KilledTraining.wide();
                Session session = new Session(network.graph)) {
            session.initialize();
            Squisher squisher = Squisher.attach(network.graph);
            attempt(() ->
                    CheckpointManager.open(folder, squisher, Retention.last(1)).close());
            attempt(() -> squisher.save(session, folder.resolve("alone")));
            attempt(() -> squisher.restore(session, folder.resolve("ckpt-1")));
        }
    }

    private static void attempt(Runnable action) {
        try {
            action.run();
            System.out.println("done");
        } catch (SquisherException e) {
            System.out.println(e.getMessage());
        }
    }

    @Test
    void savingIsRefusedInOneLineAndRestoringWorks() throws Exception {
        try (DigitsNetwork network = KilledTraining.wide();
                Session session = new Session(network.graph);
                CheckpointManager manager =
                        CheckpointManager.open(folder, Squisher.attach(network.graph), Retention.last(1))) {
            session.initialize();
            manager.save(session, 1);
        }
        List<String> before = files();
        String mount = "mount --bind '" + folder + "' '" + folder + "' && mount -o remount,bind,ro '" + folder + "'";
        List<String> said = OwnDisk.run(mount, OwnDisk.java(ReadOnlyFolderTest.class, folder));
        for (int refused : new int[] {0, 1}) {
            assertTrue(said.get(refused).startsWith("cannot write '" + folder), said.toString());
            assertTrue(said.get(refused).endsWith("Read-only file system"), said.toString());
        }
        assertEquals(List.of("done"), said.subList(2, said.size()));
        assertEquals(before, files());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
