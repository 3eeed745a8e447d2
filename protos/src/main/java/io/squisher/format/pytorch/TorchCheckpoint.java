package io.squisher.format.pytorch;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.files.ContentKind;
import io.squisher.files.Opening;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A training checkpoint in one PyTorch file. */
public final class TorchCheckpoint implements Checkpoint {
    private final TorchFile file;
    private final TorchTree tree;

    private TorchCheckpoint(TorchFile file, TorchTree tree) {
        this.file = file;
        this.tree = tree;
    }

    /**
     * Whether the file starts as one of {@code torch.save} does: as an archive, or as a pickle of its magic number. What people
     * call their files differs, but no archive of arrays is one.
     */
    public static boolean recognises(Path path) {
        Optional<ContentKind> content = ContentKind.of(path);
        return content.filter(kind -> kind == ContentKind.ZIP).isPresent()
                ? !path.getFileName().toString().endsWith(".npz")
                : content.filter(new TorchFormat().contents()::contains).isPresent();
    }

    /** Opens the file at {@code path}. */
    public static TorchCheckpoint open(Path path) {
        try (Opening opening = new Opening()) {
            TorchFile file = opening.add(TorchFile.open(path));
            return opening.keep(new TorchCheckpoint(file, TorchTree.of(file)));
        }
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public String format() {
        return TorchFile.FORMAT;
    }

    @Override
    public OptimizerState optimizer() {
        refusePart();
        if (tree.optimizers().isEmpty()) {
            throw new SquisherException("cannot convert '" + path() + "': " + noOptimizer());
        }
        if (tree.optimizers().size() > 1) {
            throw new SquisherException("cannot convert '" + path() + "': it holds the states of "
                    + tree.optimizers().size() + " optimizers ("
                    + String.join(", ", tree.optimizers().keySet())
                    + "), and whose weights are whose is not known; save the one that is meant alone, and give its model"
                    + " with --model");
        }
        return new TorchOptimizer(path(), tree.optimizers().values().iterator().next()).read();
    }

    private String noOptimizer() {
        return tree.objects().values().stream()
                .filter(object -> object.state().containsKey("param_groups"))
                .findFirst()
                .map(object -> "it holds the optimizer itself, " + object
                        + ", whose code is not run; save optimizer.state_dict() instead")
                .orElse("it holds no optimizer state; give the file that optimizer.state_dict() was saved in");
    }

    /** Refuses a file that is a part of a checkpoint of several, with the part that is meant. */
    private void refusePart() {
        Map<?, ?> root = file.root() instanceof Map<?, ?> map ? map : Map.of();
        String part = null;
        if (root.containsKey("param_shapes") && root.containsKey("ds_version")) {
            part =
                    "it holds the model states of DeepSpeed; the optimizer's are in *_optim_states.pt beside it: give the"
                            + " folder (global_step...)";
        } else if (root.get("optimizer_state_dict") instanceof Map<?, ?> rank
                && (rank.containsKey("zero_stage") || rank.containsKey("partition_count"))) {
            part = "it is one rank's part of a ZeRO checkpoint of DeepSpeed; give the folder that holds all parts"
                    + " (global_step...)";
        } else if (root.containsKey("last_epoch") && root.containsKey("_step_count")) {
            part =
                    "it holds the state of a learning rate scheduler; the optimizer's is in another file (optimizer.pt beside"
                            + " it, where the Trainer wrote both)";
        }
        if (part != null) {
            throw new SquisherException("cannot convert '" + path() + "': " + part);
        }
    }

    @Override
    public Optional<WeightSource> weights() {
        return tree.model().isEmpty() ? Optional.empty() : Optional.of(TorchWeights.of(file, tree));
    }

    @Override
    public void close() {
        file.close();
    }
}
