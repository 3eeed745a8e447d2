package io.squisher.templates.onnxfisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.compare.Comparison;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFisherTest {
    private static final Path LENET = Path.of("../../onnx-tools/src/test/resources/fixtures/lenet_cnn");

    @TempDir
    private Path folder;

    @Test
    void theFisherOfAModelFromTheWildIsWhatPyTorchComputed() {
        Path target = folder.resolve("fisher.safetensors");
        FisherDiagonal computed = OnnxFisher.run(LENET.resolve("model.onnx"), LENET.resolve("data.npz"), target);
        try (FisherFile expected = FisherFile.open(LENET.resolve("fisher_exact.safetensors"))) {
            Map<String, Tensor> tensors = expected.diagonal().tensors();
            assertEquals(tensors.keySet(), computed.tensors().keySet());
            double error =
                    Comparison.of(tensors, computed.tensors(), 0.1).overall().relativeError();
            assertTrue(error < 1e-3, "relative error " + error);
        }
        assertTrue(Files.exists(target));
    }
}
