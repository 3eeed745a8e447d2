package io.squisher.format.pytorch;

import io.squisher.files.ContentKind;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.safetensors.ReadOnlyFormat;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.Set;

/** Weights in a PyTorch file. */
public final class TorchFormat extends ReadOnlyFormat {
    private static final Set<String> ENDINGS = Set.of(".pt", ".pth", ".bin", ".ckpt", ".tar", ".zip");

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
    public Set<ContentKind> contents() {
        return Set.of(ContentKind.TORCH_ARCHIVE, ContentKind.TORCH_PICKLE);
    }

    @Override
    public WeightSource open(Path path) {
        try (Opening opening = new Opening()) {
            TorchFile file = opening.add(TorchFile.open(path));
            TorchTree tree = TorchTree.of(file);
            tree.hiding().ifPresent(object -> {
                throw FormatException.unsupported(
                        path,
                        TorchFile.FORMAT,
                        "it holds " + object
                                + ", whose code is not run; save plain tensors (model.state_dict()) instead"
                                + " of objects");
            });
            return opening.keep(TorchWeights.of(file, tree));
        }
    }
}
