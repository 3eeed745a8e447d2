package io.squisher.format;

import io.squisher.SquisherException;
import io.squisher.files.ContentKind;
import io.squisher.files.ForeignContent;
import io.squisher.files.FormatException;
import io.squisher.format.flax.FlaxFormat;
import io.squisher.format.flax.OrbaxFolder;
import io.squisher.format.keras.KerasFormat;
import io.squisher.format.npy.NpzFormat;
import io.squisher.format.onnx.OnnxFormat;
import io.squisher.format.pytorch.DistributedCheckpoint;
import io.squisher.format.pytorch.ShardedTorchFormat;
import io.squisher.format.pytorch.TorchFormat;
import io.squisher.format.safetensors.SafetensorsFormat;
import io.squisher.format.safetensors.ShardedSafetensorsFormat;
import io.squisher.format.tensorflow.TensorFlowCheckpoint;
import io.squisher.format.tensorflow.TensorFlowFormat;
import io.squisher.weights.WeightFormat;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats that are known, in the order in which they are tried. */
public final class WeightFormats {
    private static final List<WeightFormat> ALL = List.of(
            new SafetensorsFormat(),
            new ShardedSafetensorsFormat(),
            new OnnxFormat(),
            new KerasFormat(),
            new NpzFormat(),
            new FlaxFormat(),
            new ShardedTorchFormat(),
            new TorchFormat(),
            new TensorFlowFormat());

    private WeightFormats() {}

    /**
     * Opens the weights in a file of any known format.
     *
     * @throws SquisherException if the file is missing or of no known format
     */
    public static WeightSource open(Path path) {
        if (DistributedCheckpoint.recognises(path)) {
            return DistributedCheckpoint.openWeights(path);
        }
        Path file = inFolder(path);
        return formatOf(file).open(file);
    }

    /** The model in a folder as Hugging Face lays it out; every other path is itself. */
    private static Path inFolder(Path path) {
        return List.of(
                        "model.safetensors.index.json",
                        "model.safetensors",
                        "pytorch_model.bin.index.json",
                        "pytorch_model.bin",
                        "pytorch_model_fsdp.bin",
                        "flax_model.msgpack",
                        "adapter_model.safetensors",
                        "adapter_model.bin")
                .stream()
                .map(path::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(path);
    }

    /** The format that a file is in: by its content, and where that says nothing, as of a damaged file, by its name. */
    public static WeightFormat formatOf(Path path) {
        if (!Files.exists(path)) {
            throw FormatException.unreadable(path, new NoSuchFileException(path.toString()));
        }
        if (Files.isDirectory(path)) {
            throw OrbaxFolder.wayOut(path)
                    .<SquisherException>map(advice -> new SquisherException("cannot read '" + path + "': " + advice))
                    .orElseGet(() -> FormatException.unreadable(path, new IOException("it is a folder")));
        }
        // The bytes of a checkpoint's shard may look like anything; its name and the index beside it say what it is.
        Optional<ContentKind> content = TensorFlowCheckpoint.isPart(path) ? Optional.empty() : ContentKind.of(path);
        return content.flatMap(WeightFormats::ofContent)
                .or(() -> byName(path))
                .orElseThrow(() -> new SquisherException("cannot read '" + path + "': "
                        + ForeignContent.of(path)
                                .or(() -> TensorFlowCheckpoint.incomplete(path))
                                .orElseGet(() -> content.map(kind -> "it is " + kind.words() + ", ")
                                                .orElse("")
                                        + noneOfThese())));
    }

    private static Optional<WeightFormat> ofContent(ContentKind content) {
        return ALL.stream()
                .filter(format -> format.contents().contains(content))
                .findFirst();
    }

    private static String noneOfThese() {
        return "neither " + ALL.stream().map(WeightFormat::name).collect(Collectors.joining(" nor "));
    }

    /** The format that a file of this name would be read as, whether it exists or not; empty if its content would decide. */
    public static Optional<WeightFormat> byName(Path path) {
        return ALL.stream().filter(format -> format.recognises(path)).findFirst();
    }
}
