package io.squisher.examples.samples;

import io.squisher.examples.data.Digits;
import io.squisher.examples.data.LabelledImages;
import io.squisher.examples.data.Split;
import io.squisher.examples.demo.DemoModels;
import io.squisher.format.npy.NpzWriter;
import java.nio.file.Path;

/** A network before its first step, and the digits with one of them apart, to train, to forget, and to train without it. */
final class UnlearningSamples {
    private static final int FORGOTTEN = 3;

    private UnlearningSamples() {}

    /** Writes them into a folder that is there; the split is that of the demo's data. */
    static void write(Path folder) {
        Split split = Split.of(Digits.load(), DemoModels.SEED);
        write(split.training(), folder, "forget.npz", "retained.npz");
        write(split.test(), folder, "test-forget.npz", "test-retained.npz");
        DemoModels.writeUntrained(folder.resolve("untrained.onnx"));
    }

    private static void write(LabelledImages images, Path folder, String forgotten, String retained) {
        NpzWriter.write(
                folder.resolve(forgotten),
                images.withLabels(label -> label == FORGOTTEN).toArrays());
        NpzWriter.write(
                folder.resolve(retained),
                images.withLabels(label -> label != FORGOTTEN).toArrays());
    }
}
