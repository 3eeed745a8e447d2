package io.squisher.format.pytorch;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Optional;

/** A training checkpoint in one PyTorch file. */
public final class TorchCheckpoint implements Checkpoint {
    private final TorchFile file;
    private final TorchTree tree;

    private TorchCheckpoint(TorchFile file) {
        this.file = file;
        this.tree = TorchTree.of(file.root());
    }

    /** Opens the file at {@code path}. */
    public static TorchCheckpoint open(Path path) {
        return new TorchCheckpoint(TorchFile.open(path));
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
        return new TorchOptimizer(
                        path(),
                        tree.optimizer()
                                .orElseThrow(() -> new SquisherException("cannot convert '" + path()
                                        + "': it holds no optimizer state; give the file that optimizer.state_dict()"
                                        + " was saved in")))
                .read();
    }

    @Override
    public Optional<WeightSource> weights() {
        return tree.weights().isEmpty() ? Optional.empty() : Optional.of(TorchWeights.of(file, tree));
    }

    @Override
    public void close() {
        file.close();
    }
}
