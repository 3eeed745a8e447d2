package io.squisher.format.deepspeed;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.files.FormatException;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A checkpoint of DeepSpeed, universal or in ZeRO shards. */
public final class DeepSpeedFolder implements Checkpoint {
    static final String FORMAT = "DeepSpeed checkpoint";

    private static final long MOST_TAG_BYTES = 4096;

    private final Path path;
    private final Shards shards;

    /** Where the accumulators come from. */
    interface Shards extends AutoCloseable {
        OptimizerState optimizer();

        @Override
        void close();
    }

    private DeepSpeedFolder(Path path, Shards shards) {
        this.path = path;
        this.shards = shards;
    }

    /** Whether {@code path} is the folder of a step, or one whose file {@code latest} names such a folder. */
    public static boolean recognises(Path path) {
        return tagged(path).stream().anyMatch(folder -> isUniversal(folder) || isSharded(folder));
    }

    /** What a folder of DeepSpeed lacks, where it has no optimizer states; empty for other folders. */
    public static Optional<String> incomplete(Path path) {
        return tagged(path).stream().anyMatch(folder -> list(folder).stream()
                        .anyMatch(file -> file.getFileName().toString().endsWith("_model_states.pt")))
                ? Optional.of(
                        "a folder of DeepSpeed without *_optim_states.pt: it was saved without the optimizer, or those"
                                + " files were not copied; give the folder that has them")
                : Optional.empty();
    }

    /** Opens a folder. */
    public static DeepSpeedFolder open(Path path) {
        for (Path folder : tagged(path)) {
            if (isUniversal(folder)) {
                return new DeepSpeedFolder(path, new UniversalShards(folder.resolve("zero")));
            }
            if (isSharded(folder)) {
                return new DeepSpeedFolder(path, ZeroShards.open(folder, list(folder)));
            }
        }
        throw FormatException.notA(path, FORMAT, "no zero/ folder and no optimizer states of ranks");
    }

    /** The folder itself, and those that it names as the latest. */
    private static List<Path> tagged(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        return Stream.concat(
                        Stream.of(path), Stream.of("latest_universal", "latest").flatMap(name -> latest(path, name)))
                .toList();
    }

    private static Stream<Path> latest(Path path, String name) {
        Path file = path.resolve(name);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_TAG_BYTES) {
                return Stream.empty();
            }
            Path folder = path.resolve(Files.readString(file).strip()).normalize();
            return folder.startsWith(path.normalize()) && Files.isDirectory(folder)
                    ? Stream.of(folder)
                    : Stream.empty();
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return Stream.empty();
        }
    }

    private static boolean isUniversal(Path folder) {
        Path zero = folder.resolve("zero");
        return Files.isDirectory(zero)
                && list(zero).stream().anyMatch(inner -> Files.exists(inner.resolve(UniversalShards.SQUARES)));
    }

    private static boolean isSharded(Path folder) {
        return list(folder).stream().anyMatch(ZeroShards::isOptimizerStates);
    }

    static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public OptimizerState optimizer() {
        return shards.optimizer();
    }

    /** Weights of a sharded model are in shards as well; DeepSpeed's own zero_to_fp32 puts them together. */
    @Override
    public Optional<WeightSource> weights() {
        return Optional.empty();
    }

    @Override
    public void close() {
        shards.close();
    }
}
