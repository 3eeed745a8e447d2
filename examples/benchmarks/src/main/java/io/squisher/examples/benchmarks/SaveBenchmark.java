package io.squisher.examples.benchmarks;

import io.squisher.checkpoint.folder.Retention;
import io.squisher.internal.gson.GsonBuilder;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tf.checkpoint.CheckpointManager;
import io.squisher.tf.checkpoint.Squisher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.stream.Stream;
import org.tensorflow.Session;

/**
 * Times the saving of a pair (checkpoint and accumulators) beside a plain write of as many bytes with one {@link FileChannel}
 * and a force, in turns within one run, and prints JSON: the median of each, and the median of the ratios. Each file is new,
 * and gone before the next turn. The manager stays open, as in a training; that it removes older pairs, after a save, is not timed.
 *
 * <p>Arguments: {@code width=1500} (a network of five layers of width² parameters), {@code rounds=15}, {@code folder=PATH} (by
 * default the system's temporary one, which may be in memory).
 */
public final class SaveBenchmark {
    private static final int LAYERS = 5;

    private final Path folder;
    private final int rounds;

    private SaveBenchmark(Path folder, int rounds) {
        this.folder = folder;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws IOException {
        Arguments options = new Arguments(arguments);
        Path folder = Files.createTempDirectory(
                Files.createDirectories(Path.of(options.text("folder", System.getProperty("java.io.tmpdir")))), "save");
        try (WideNetwork network = new WideNetwork(options.integer("width", 1500), LAYERS)) {
            JsonObject json = new SaveBenchmark(folder, options.integer("rounds", 15)).measure(network);
            System.out.println(new GsonBuilder().setPrettyPrinting().create().toJson(json));
        } finally {
            clear(folder);
            clear(folder.resolve("managed"));
            Files.delete(folder.resolve("managed"));
            Files.delete(folder);
        }
    }

    private JsonObject measure(WideNetwork network) throws IOException {
        Squisher squisher = Squisher.attach(network.graph());
        Timings plain = new Timings(rounds);
        Timings pair = new Timings(rounds);
        Timings tensorFlow = new Timings(rounds);
        Timings blocked = new Timings(rounds);
        Timings managed = new Timings(rounds);
        long bytes = 0;
        Path managedFolder = Files.createDirectories(folder.resolve("managed"));
        try (Session session = new Session(network.graph());
                CheckpointManager manager =
                        CheckpointManager.open(managedFolder, squisher, Retention.last(rounds + 2))) {
            session.initialize();
            network.step(session);
            squisher.save(session, folder.resolve("size"));
            bytes = size();
            for (int round = -2; round < rounds; round++) {
                clear(folder);
                long count = bytes;
                plain.time(round, () -> writePlainly(count));
                clear(folder);
                pair.time(round, () -> squisher.save(session, folder.resolve("model")));
                clear(folder);
                tensorFlow.time(
                        round, () -> session.save(folder.resolve("model").toString()));
                clear(folder);
                clear(managedFolder);
                int current = round;
                managed.time(round, () -> {
                    blocked.time(current, () -> manager.save(session, 1));
                    manager.await();
                });
            }
        }
        return json(bytes, new Timings[] {plain, pair, tensorFlow, managed, blocked});
    }

    private static JsonObject json(long bytes, Timings... timings) {
        Timings plain = timings[0];
        JsonObject json = new JsonObject();
        json.addProperty("megabytes", bytes * 1e-6);
        json.addProperty("plain_write_and_force_ms", plain.median() * 1e3);
        json.addProperty("pair_ms", timings[1].median() * 1e3);
        json.addProperty("pair_ratio", timings[1].medianRatioTo(plain));
        json.addProperty("tensorflow_checkpoint_unforced_ms", timings[2].median() * 1e3);
        json.addProperty("managed_pair_ms", timings[3].median() * 1e3);
        json.addProperty("managed_pair_ratio", timings[3].medianRatioTo(plain));
        json.addProperty("managed_loop_waits_ms", timings[4].median() * 1e3);
        return json;
    }

    private void writePlainly(long bytes) {
        byte[] noise = new byte[1 << 20];
        new Random(1).nextBytes(noise);
        ByteBuffer piece = ByteBuffer.allocateDirect(noise.length).put(noise);
        try (FileChannel channel =
                FileChannel.open(folder.resolve("plain"), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            for (long left = bytes; left > 0; left -= piece.limit()) {
                piece.clear().limit((int) Math.min(piece.capacity(), left));
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
            channel.force(true);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }
}
