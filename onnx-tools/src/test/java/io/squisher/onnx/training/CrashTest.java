package io.squisher.onnx.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.checkpoint.folder.CheckpointFolder;
import io.squisher.checkpoint.folder.SavedCheckpoint;
import io.squisher.onnx.training.optimizer.Adam;
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

/** Kills trainings at random moments. The number of kills is the property {@code squisher.crash.rounds}. */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("squisher.crash.rounds", 2);
    private static final long SEED = Long.getLong("squisher.crash.seed", 99);

    @TempDir
    private Path folder;

    @Test
    void aKillAtAnyMomentLeavesWholePairsThatATrainingGoesOnFrom() throws Exception {
        Random random = new Random(SEED);
        long newest = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String where = "round " + round + ", seed " + SEED;
            long reported = trainAndKill(newest, random.nextInt(400), where);
            newest = check(Math.max(newest, reported), where);
        }
        // The steps after a kill are those of a training that was never killed.
        int epochs = (int) (newest / 2 + 1);
        KilledTraining.trainer(folder, epochs).train(folder.resolve("killed.onnx"));
        References.trainer(folder, "transformer")
                .optimizer(Adam.of(1e-3))
                .epochs(epochs)
                .train(folder.resolve("whole.onnx"));
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("whole.onnx")), Files.readAllBytes(folder.resolve("killed.onnx")));
    }

    /** Runs, and kills a while after the first save; returns the last step that was reported as saved. */
    private long trainAndKill(long before, long delay, String where) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-cp",
                        classPath,
                        KilledTraining.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long reported = 0;
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("restored " + before, output.readLine(), where);
            reported = saved(output.readLine());
            Thread killer = new Thread(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(delay);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                // By its handle: Process would close the output under the reader.
                child.toHandle().destroyForcibly();
            });
            killer.start();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                // The last line may have been cut off by the kill.
                reported = line.matches("saved ckpt-\\d+\\.onnx") ? saved(line) : reported;
            }
            killer.join();
        }
        child.waitFor();
        return reported;
    }

    private static long saved(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** The step of the newest pair; all must be whole, and nothing else be there. */
    private long check(long atLeast, String where) throws IOException {
        Path kept = folder.resolve("kept");
        List<SavedCheckpoint> pairs = new CheckpointFolder(kept, new CheckpointLayout()).pairs();
        pairs.forEach(pair -> new CheckpointLayout().verify(pair.prefix()));
        long newest = pairs.get(pairs.size() - 1).step();
        assertTrue(newest >= atLeast, where + ": the newest is " + newest + ", finished was " + atLeast);
        List<String> names = pairs.stream().map(SavedCheckpoint::name).toList();
        try (Stream<Path> files = Files.list(kept)) {
            List<String> left = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".tmp") || file.startsWith("ckpt-"))
                    .filter(file -> !names.contains(file.replaceFirst("\\..*", "")))
                    .toList();
            assertEquals(List.of(), left, where);
        }
        return newest;
    }
}
