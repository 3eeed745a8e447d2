package io.squisher.examples.samples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What docs/applications.md and README.md use beside the demo's models. */
final class ApplicationSamples {
    private static final Map<String, String> RESOURCES = Map.of(
            "merge.yaml", "merge.yaml",
            "transfer.json", "transfer.json",
            "lenet.onnx", "lenet_cnn/model.onnx",
            "lenet.npz", "lenet_cnn/data.npz",
            "lenet.parquet", "lenet_cnn.parquet",
            "lenet.pytorch.safetensors", "lenet_cnn/fisher_exact.safetensors");

    private ApplicationSamples() {}

    /** Writes them into a folder that is there. */
    static void write(Path folder) throws IOException {
        SampleResources.copy(RESOURCES, folder);
    }
}
