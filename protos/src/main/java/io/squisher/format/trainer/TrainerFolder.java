package io.squisher.format.trainer;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.files.Opening;
import io.squisher.format.pytorch.ShardedTorchFormat;
import io.squisher.format.pytorch.TorchCheckpoint;
import io.squisher.format.pytorch.TorchFormat;
import io.squisher.format.safetensors.SafetensorsFormat;
import io.squisher.format.safetensors.ShardedSafetensorsFormat;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The optimizer of a Trainer's folder with the weights beside it. */
public final class TrainerFolder implements Checkpoint {
    private static final String OPTIMIZER = "optimizer.pt";
    private static final String FSDP_OPTIMIZER = "optimizer.bin";

    private final Path folder;
    private final TorchCheckpoint optimizer;
    private final Optional<WeightSource> weights;

    private TrainerFolder(Path folder, TorchCheckpoint optimizer, Optional<WeightSource> weights) {
        this.folder = folder;
        this.optimizer = optimizer;
        this.weights = weights;
    }

    /** Whether {@code path} is a folder with an optimizer as the Trainer calls it. */
    public static boolean recognises(Path path) {
        return Files.isRegularFile(path.resolve(OPTIMIZER)) || Files.isRegularFile(path.resolve(FSDP_OPTIMIZER));
    }

    /** What a folder of the Trainer lacks, where it has no optimizer; empty for other folders. */
    public static Optional<String> incomplete(Path path) {
        boolean trainers = Files.isRegularFile(path.resolve("trainer_state.json"))
                || Files.isRegularFile(path.resolve("scheduler.pt"))
                || Files.isRegularFile(path.resolve("training_args.bin"));
        return trainers && !recognises(path)
                ? Optional.of("a folder of Hugging Face's Trainer without " + OPTIMIZER
                        + ": it was saved with save_only_model, or the optimizer was not uploaded; give a checkpoint that"
                        + " has it")
                : Optional.empty();
    }

    /** Opens a folder. */
    public static TrainerFolder open(Path folder) {
        Path file = folder.resolve(OPTIMIZER);
        try (Opening opening = new Opening()) {
            TorchCheckpoint optimizer =
                    opening.add(TorchCheckpoint.open(Files.exists(file) ? file : folder.resolve(FSDP_OPTIMIZER)));
            return opening.keep(new TrainerFolder(folder, optimizer, weights(folder)));
        }
    }

    /** PyTorch's files first: they keep the order of the parameters, which safetensors files do not. */
    private static Optional<WeightSource> weights(Path folder) {
        Map<String, WeightFormat> files = new LinkedHashMap<>();
        files.put("pytorch_model.bin.index.json", new ShardedTorchFormat());
        files.put("pytorch_model.bin", new TorchFormat());
        // FSDP's full state, as accelerate saves it.
        files.put("pytorch_model_fsdp.bin", new TorchFormat());
        files.put("model.safetensors.index.json", new ShardedSafetensorsFormat());
        files.put("model.safetensors", new SafetensorsFormat());
        // PEFT writes what it trains alone.
        files.put("adapter_model.bin", new TorchFormat());
        files.put("adapter_model.safetensors", new SafetensorsFormat());
        return files.entrySet().stream()
                .filter(file -> Files.exists(folder.resolve(file.getKey())))
                .findFirst()
                .map(file -> file.getValue().open(folder.resolve(file.getKey())));
    }

    @Override
    public Path path() {
        return folder;
    }

    @Override
    public String format() {
        return "folder of Hugging Face's Trainer";
    }

    @Override
    public OptimizerState optimizer() {
        return optimizer.optimizer();
    }

    @Override
    public Optional<WeightSource> weights() {
        return weights;
    }

    @Override
    public void close() {
        weights.ifPresent(WeightSource::close);
        optimizer.close();
    }
}
