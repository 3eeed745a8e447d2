package io.squisher.format.pytorch;

import io.squisher.format.safetensors.ReadOnlyFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Set;

/** Weights in a PyTorch file. */
public final class TorchFormat extends ReadOnlyFormat {
    private static final Set<String> ENDINGS = Set.of(".pt", ".pth", ".bin", ".ckpt", ".tar");

    @Override
    public String name() {
        return TorchFile.FORMAT;
    }

    @Override
    public boolean recognises(Path path) {
        String name = path.getFileName().toString();
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    @Override
    public WeightSource open(Path path) {
        TorchFile file = TorchFile.open(path);
        return TorchWeights.of(file, TorchTree.of(file.root()));
    }
}
