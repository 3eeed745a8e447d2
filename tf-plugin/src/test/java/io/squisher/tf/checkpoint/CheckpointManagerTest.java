package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.checkpoint.folder.SavedCheckpoint;
import io.squisher.checkpoint.folder.StateFile;
import io.squisher.fisher.FisherFile;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.tf.Digits;
import io.squisher.tf.DigitsNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Session;

class CheckpointManagerTest {
    private static final Digits DIGITS = Digits.load();

    @TempDir
    private Path folder;

    private DigitsNetwork network;
    private Squisher squisher;
    private Session session;

    @BeforeEach
    void build() {
        network = DigitsNetwork.mlp(1);
        network.minimizeInOrder(0.99f);
        squisher = Squisher.attach(network.graph).batchSize(16).datasetSize(DIGITS.size());
        session = new Session(network.graph);
        session.initialize();
    }

    @AfterEach
    void close() {
        session.close();
        network.close();
    }

    private void train(int from, int to) {
        for (int step = from; step < to; step++) {
            network.step(session, DIGITS.batch(16, new Random(step)));
        }
    }

    @Test
    void writesTheValuesOfTheStepThoughTrainingGoesOn() {
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(3))) {
            train(0, 5);
            float[] before = weights();
            manager.save(session, 5);
            train(5, 10);
            manager.await();
            SavedCheckpoint latest = manager.latest().orElseThrow();
            new BundleLayout().verify(latest.prefix());
            try (BundleFile file = BundleFile.open(latest.prefix());
                    FisherFile accumulators = FisherFile.open(Squisher.fileFor(latest.prefix()))) {
                assertArrayEquals(before, file.tensor("out.bias").toFloats());
                assertEquals(
                        5, accumulators.diagonal().provenance().getAccumulator().getStep());
            }
        }
    }

    private float[] weights() {
        try (Snapshot snapshot = Snapshot.of(session)) {
            snapshot.writeCheckpoint(folder.resolve("weights"));
        }
        try (BundleFile file = BundleFile.open(folder.resolve("weights"))) {
            return file.tensor("out.bias").toFloats();
        }
    }

    @Test
    void goesOnAfterARestartAsIfItHadNeverStopped() {
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(2))) {
            assertEquals(OptionalLong.empty(), manager.restoreLatest(session));
            train(0, 10);
            manager.save(session, 10);
        }
        train(10, 25);
        float[] through = weights();
        session.close();
        session = new Session(network.graph);
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(2))) {
            assertEquals(OptionalLong.of(10), manager.restoreLatest(session));
            train(10, 25);
            assertArrayEquals(through, weights());
        }
    }

    @Test
    void keepsTheLastEachThousandthAndTheBest() throws IOException {
        Retention retention = Retention.last(2).andEvery(1000).andHighest(1);
        double[] metrics = {0.1, 0.9, 0.2, 0.3, 0.25, 0.26};
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, retention)) {
            for (int i = 0; i < 3; i++) {
                manager.save(session, 500L * i, metrics[i]);
            }
        }
        // The metrics are remembered by the files.
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, retention)) {
            for (int i = 3; i < 6; i++) {
                manager.save(session, 500L * i, metrics[i]);
            }
        }
        assertEquals(
                List.of(
                        "model_checkpoint_path: \"ckpt-2500\"",
                        "all_model_checkpoint_paths: \"ckpt-0\"",
                        "all_model_checkpoint_paths: \"ckpt-500\"",
                        "all_model_checkpoint_paths: \"ckpt-1000\"",
                        "all_model_checkpoint_paths: \"ckpt-2000\"",
                        "all_model_checkpoint_paths: \"ckpt-2500\""),
                Files.readAllLines(folder.resolve("checkpoint")));
        assertEquals(5 * 3, filesStartingWith("ckpt-").size());
    }

    private List<String> filesStartingWith(String start) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(start))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    @Test
    void neverWritesOverAPair() {
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(1))) {
            manager.save(session, 7);
            train(0, 1);
            manager.save(session, 7);
            manager.await();
            assertEquals("ckpt-7-2", manager.latest().orElseThrow().name());
            assertEquals(7, manager.latest().orElseThrow().step());
        }
    }

    @Test
    void fallsBackToTheNewestPairThatIsWhole() throws IOException {
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(3))) {
            manager.save(session, 1);
            train(0, 1);
            manager.save(session, 2);
            manager.await();
            Path data = folder.resolve("ckpt-2.data-00000-of-00001");
            byte[] bytes = Files.readAllBytes(data);
            bytes[bytes.length / 2] ^= 1;
            Files.write(data, bytes);
            assertEquals(OptionalLong.of(1), manager.restoreLatest(session));
            Files.delete(folder.resolve("ckpt-1.squisher.safetensors"));
            String message = assertThrows(SquisherException.class, () -> manager.restoreLatest(session))
                    .getMessage();
            assertTrue(message.contains("wrong checksum"), message);
        }
    }

    @Test
    void removesWhatAKilledRunLeftBehind() throws IOException {
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(3))) {
            manager.save(session, 1);
        }
        List<String> whole = filesStartingWith("");
        for (String left :
                List.of(".ckpt-2.index.0f.tmp", "ckpt-2.data-00000-of-00001", "ckpt-2.squisher.safetensors")) {
            Files.writeString(folder.resolve(left), "left");
        }
        Files.writeString(folder.resolve("notes.txt"), "mine");
        CheckpointManager.open(folder, squisher, Retention.last(3)).close();
        assertTrue(filesStartingWith("").contains("notes.txt"));
        Files.delete(folder.resolve("notes.txt"));
        assertEquals(whole, filesStartingWith(""));
    }

    /** A kill after the index has its name and before the state file has. */
    @Test
    void takesInAWholePairThatTheStateFileDoesNotName() throws IOException {
        Path state = folder.resolve("checkpoint");
        byte[] before;
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(3))) {
            manager.save(session, 1);
            manager.await();
            before = Files.readAllBytes(state);
            manager.save(session, 2);
        }
        Files.write(state, before);
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(3))) {
            assertEquals(List.of(1L, 2L), steps(manager));
            assertEquals(List.of("ckpt-1", "ckpt-2"), new StateFile(folder).read());
            assertEquals(OptionalLong.of(2), manager.restoreLatest(session));
        }
        // Nor does a lost state file lose the pairs.
        Files.delete(state);
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(3))) {
            assertEquals(List.of(1L, 2L), steps(manager));
        }
    }

    private static List<Long> steps(CheckpointManager manager) {
        return manager.checkpoints().stream().map(SavedCheckpoint::step).toList();
    }

    /** A kill after the state file has its name and before the pairs are removed that it names no more. */
    @Test
    void anOldPairThatWasNotRemovedYetIsNotTheNewest() throws IOException {
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(3))) {
            manager.save(session, 1000);
            manager.save(session, 2000);
            // A training that started over.
            manager.save(session, 5);
        }
        new StateFile(folder).write(List.of("ckpt-5"));
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(1))) {
            assertEquals(List.of(1000L, 2000L, 5L), steps(manager));
            manager.save(session, 6);
            manager.await();
            assertEquals(List.of(6L), steps(manager));
        }
        assertEquals(3, filesStartingWith("ckpt-").size());
    }

    @Test
    void leavesACheckpointThatIsNoPairOfOursAlone() throws IOException {
        session.save(folder.resolve("ckpt-9").toString());
        squisher.save(session, folder.resolve("ckpt-8"));
        Files.copy(folder.resolve("ckpt-8.squisher.safetensors"), folder.resolve("ckpt-7.squisher.safetensors"));
        train(0, 1);
        squisher.save(session, folder.resolve("other"));
        for (String part : List.of(".index", ".data-00000-of-00001")) {
            Files.move(folder.resolve("other" + part), folder.resolve("ckpt-7" + part));
        }
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(1))) {
            assertEquals(List.of(8L), steps(manager), "7 has the accumulators of other weights, 9 has none");
        }
        assertEquals(3 + 3 + 2, filesStartingWith("ckpt-").size());
    }

    @Test
    void aFolderBelongsToOneRun() {
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(1))) {
            String message = assertThrows(
                            SquisherException.class, () -> CheckpointManager.open(folder, squisher, Retention.last(1)))
                    .getMessage();
            assertTrue(message.contains("another training run is saving into it"), message);
            manager.save(session, 1);
        }
        CheckpointManager.open(folder, squisher, Retention.last(1)).close();
    }

    @Test
    void reportsAReadOnlyFolder() {
        Path locked = folder.resolve("locked");
        assertTrue(locked.toFile().mkdir());
        assertTrue(locked.toFile().setWritable(false));
        assumeFalse(Files.isWritable(locked), "this user may write everywhere");
        String message = assertThrows(
                        SquisherException.class, () -> CheckpointManager.open(locked, squisher, Retention.last(1)))
                .getMessage();
        assertTrue(message.endsWith("permission denied"), message);
    }

    /** Nobody can write below a file, not even root. */
    @Test
    void reportsAFolderThatNobodyCanWriteTo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        for (Path target : List.of(file, file.resolve("checkpoints"))) {
            String message = assertThrows(
                            SquisherException.class, () -> CheckpointManager.open(target, squisher, Retention.last(1)))
                    .getMessage();
            assertTrue(message.startsWith("cannot write '" + target + "': "), message);
            assertEquals(1, message.lines().count());
        }
        String message = assertThrows(SquisherException.class, () -> squisher.save(session, file.resolve("model")))
                .getMessage();
        assertTrue(message.startsWith("cannot write '" + file.resolve("model")), message);
        assertEquals("no folder", Files.readString(file));
    }

    @Test
    void aFailedSaveIsReportedAndLeavesTheOlderPairs() throws IOException {
        try (CheckpointManager manager = CheckpointManager.open(folder, squisher, Retention.last(3))) {
            manager.save(session, 1);
            manager.await();
            // A folder where the state file belongs cannot be replaced.
            byte[] state = Files.readAllBytes(folder.resolve("checkpoint"));
            Files.delete(folder.resolve("checkpoint"));
            Files.createDirectory(folder.resolve("checkpoint"));
            manager.save(session, 2);
            String message =
                    assertThrows(SquisherException.class, manager::await).getMessage();
            assertTrue(message.endsWith("it is a folder"), message);
            Files.delete(folder.resolve("checkpoint"));
            Files.write(folder.resolve("checkpoint"), state);
            assertEquals(OptionalLong.of(1), manager.restoreLatest(session));
            assertEquals(3, filesStartingWith("ckpt-").size());
            assertEquals(1, manager.checkpoints().size());
        }
    }
}
