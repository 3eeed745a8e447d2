package io.squisher.tf.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.checkpoint.folder.Retention;
import io.squisher.checkpoint.folder.SavedCheckpoint;
import io.squisher.checkpoint.folder.StateFile;
import io.squisher.files.OwnDisk;
import io.squisher.tf.DigitsNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills training runs at random moments. The number of kills is the property {@code squisher.crash.rounds}. */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("squisher.crash.rounds", 3);
    private static final long SEED = Long.getLong("squisher.crash.seed", 99);

    @TempDir
    private Path folder;

    @Test
    void aKillAtAnyMomentLeavesAWholePairNoOlderThanTheLastFinishedSave() throws Exception {
        Random random = new Random(SEED);
        long finished = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Kill kill = new Kill(random.nextBoolean(), random.nextInt(500));
            String where = "round " + round + ", " + kill + ", seed " + SEED;
            long reported = trainAndKill(kill, finished, where);
            finished = Math.max(finished, reported);
            finished = Math.max(finished, checkFolder(finished, where));
        }
    }

    @Test
    void aSecondRunIsRefusedAndTheFirstGoesOn() throws Exception {
        Process first = start(folder);
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(first.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("restored 0", output.readLine());
            Process second = start(folder);
            assertTrue(second.waitFor(60, TimeUnit.SECONDS), "the second run must end by itself");
            assertEquals(1, second.exitValue());
            for (int save = 0; save < 2; save++) {
                assertTrue(output.readLine().startsWith("saved "));
            }
        } finally {
            first.destroyForcibly().waitFor();
        }
        assertTrue(checkFolder(1, "after two runs at once") > 1);
    }

    /**
     * When a run is killed.
     *
     * @param early as soon as it has restored, before its first save is finished; else after that
     * @param delay so many milliseconds later
     */
    private record Kill(boolean early, long delay) {}

    /** Runs and kills; returns the last step that was reported as saved. */
    private long trainAndKill(Kill kill, long before, String where) throws IOException, InterruptedException {
        Process child = start(folder);
        long reported = 0;
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            assertEquals("restored " + before, line, where);
            if (!kill.early()) {
                reported = saved(output.readLine());
            }
            Thread killer = new Thread(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(kill.delay());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                // By its handle: Process would close the output under the reader.
                child.toHandle().destroyForcibly();
            });
            killer.start();
            while ((line = output.readLine()) != null) {
                // The last line may have been cut off by the kill.
                reported = line.matches("saved \\d+") ? saved(line) : reported;
            }
            killer.join();
        }
        child.waitFor();
        return reported;
    }

    private static long saved(String line) {
        return Long.parseLong(line.substring("saved ".length()));
    }

    static Process start(Path folder) throws IOException {
        return new ProcessBuilder(OwnDisk.java(KilledTraining.class, folder))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The step of the newest pair, which must be whole. */
    private long checkFolder(long atLeast, String where) throws IOException {
        List<String> named = new StateFile(folder).read();
        if (named.isEmpty()) {
            assertEquals(0, atLeast, where);
        }
        try (DigitsNetwork network = KilledTraining.wide();
                CheckpointManager manager =
                        CheckpointManager.open(folder, Squisher.attach(network.graph), Retention.last(2))) {
            List<SavedCheckpoint> pairs = manager.checkpoints();
            List<String> names = pairs.stream().map(SavedCheckpoint::name).toList();
            assertTrue(names.containsAll(named), where + ": " + named + " were named, found " + names);
            assertEquals(names, new StateFile(folder).read(), where);
            if (pairs.isEmpty()) {
                return 0;
            }
            pairs.forEach(pair -> new BundleLayout().verify(pair.prefix()));
            long newest = pairs.get(pairs.size() - 1).step();
            assertTrue(newest >= atLeast, where + ": the newest is " + newest + ", finished was " + atLeast);
            try (Stream<Path> files = Files.list(folder)) {
                List<String> left = files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".tmp") || file.startsWith("ckpt-"))
                        .filter(file -> !names.contains(file.replaceFirst("\\..*", "")))
                        .toList();
                assertEquals(List.of(), left, where);
            }
            return newest;
        }
    }
}
