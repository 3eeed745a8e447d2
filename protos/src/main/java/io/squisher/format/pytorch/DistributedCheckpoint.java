package io.squisher.format.pytorch;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.files.FormatException;
import io.squisher.format.pytorch.DistributedMetadata.Entry;
import io.squisher.tensor.Tensor;
import io.squisher.weights.NamedTensors;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of {@code torch.distributed.checkpoint}, or one that holds such folders for the model and for the optimizer as accelerate
 * writes them. Tensors are put together from their pieces as they are read.
 */
public final class DistributedCheckpoint implements Checkpoint {
    private static final String METADATA = ".metadata";
    private static final String SHARD = ".distcp";

    /** Keys above a model's names. */
    private static final Set<String> MODEL_KEYS = Set.of("model", "state_dict", "model_state_dict", "module", "app");

    private final Path path;
    private final DistributedPieces pieces;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final DistributedOptimizer optimizer;

    private DistributedCheckpoint(Path path, List<Path> folders) {
        this.path = path;
        this.pieces = new DistributedPieces();
        this.optimizer = new DistributedOptimizer(path, pieces);
        for (Path folder : folders) {
            DistributedMetadata.read(folder.resolve(METADATA)).forEach((name, entry) -> add(folder, name, entry));
        }
    }

    private void add(Path folder, String name, Entry entry) {
        if (optimizer.takes(folder, name, entry) || entry.type().isEmpty()) {
            return;
        }
        List<String> keys = entry.keys();
        int above = 0;
        while (above < keys.size() - 1 && MODEL_KEYS.contains(keys.get(above))) {
            above++;
        }
        weights.put(String.join(".", keys.subList(above, keys.size())), pieces.tensor(folder, entry));
    }

    /** Whether {@code path} is such a folder, one that holds such folders, or one of the shards. */
    public static boolean recognises(Path path) {
        return !folders(path).isEmpty() || isShard(path) || isWithoutMetadata(path);
    }

    private static boolean isShard(Path path) {
        return Files.isRegularFile(path) && path.toString().endsWith(SHARD);
    }

    private static boolean isWithoutMetadata(Path path) {
        return !hasOptimizerFile(path)
                && (holdsShards(path) || list(path).stream().anyMatch(DistributedCheckpoint::holdsShards));
    }

    private static boolean holdsShards(Path folder) {
        return list(folder).stream().anyMatch(DistributedCheckpoint::isShard);
    }

    private static boolean hasOptimizerFile(Path folder) {
        return Files.exists(folder.resolve("optimizer.pt")) || Files.exists(folder.resolve("optimizer.bin"));
    }

    private static List<Path> folders(Path path) {
        Path folder = isShard(path) ? path.toAbsolutePath().getParent() : path;
        if (isDistributed(folder)) {
            return List.of(folder);
        }
        return hasOptimizerFile(folder)
                ? List.of()
                : list(folder).stream()
                        .filter(DistributedCheckpoint::isDistributed)
                        .sorted()
                        .toList();
    }

    private static boolean isDistributed(Path folder) {
        return Files.isRegularFile(folder.resolve(METADATA)) && holdsShards(folder);
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Opens a folder.
     *
     * @throws FormatException if its metadata are missing or damaged
     */
    public static DistributedCheckpoint open(Path path) {
        List<Path> folders = folders(path);
        if (folders.isEmpty()) {
            throw FormatException.bad(
                    path,
                    DistributedMetadata.FORMAT,
                    ".distcp files without .metadata: the list of what is where; it is written last, and copies may leave it out");
        }
        return new DistributedCheckpoint(path, folders);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public String format() {
        return DistributedMetadata.FORMAT;
    }

    @Override
    public OptimizerState optimizer() {
        return optimizer.read();
    }

    @Override
    public Optional<WeightSource> weights() {
        return weights.isEmpty() ? Optional.empty() : Optional.of(new Weights());
    }

    /** The weights of a folder, which closes with them. */
    public static WeightSource openWeights(Path path) {
        DistributedCheckpoint checkpoint = open(path);
        return checkpoint.weights().orElseThrow(() -> {
            checkpoint.close();
            return new SquisherException("'" + path + "' holds no weights");
        });
    }

    @Override
    public void close() {
        pieces.close();
    }

    private final class Weights extends NamedTensors {
        Weights() {
            super(path, new TorchFormat(), weights);
        }

        @Override
        public void close() {
            pieces.close();
        }
    }
}
