package io.squisher.format;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.files.ContentKind;
import io.squisher.files.ForeignContent;
import io.squisher.files.FormatException;
import io.squisher.format.deepspeed.DeepSpeedFolder;
import io.squisher.format.flax.FlaxCheckpoint;
import io.squisher.format.flax.OrbaxFolder;
import io.squisher.format.keras.KerasCheckpoint;
import io.squisher.format.pytorch.DistributedCheckpoint;
import io.squisher.format.pytorch.TorchCheckpoint;
import io.squisher.format.tensorflow.TensorFlowCheckpoint;
import io.squisher.format.trainer.TrainerFolder;
import io.squisher.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The training checkpoints that are known, in the order in which they are tried. */
public final class CheckpointFormats {
    private record Known(String name, Predicate<Path> recognises, Function<Path, Checkpoint> open) {}

    private static final List<Known> ALL = List.of(
            new Known("a folder of torch.distributed", DistributedCheckpoint::recognises, DistributedCheckpoint::open),
            new Known("a folder of Hugging Face's Trainer", TrainerFolder::recognises, TrainerFolder::open),
            new Known("a folder of DeepSpeed", DeepSpeedFolder::recognises, DeepSpeedFolder::open),
            new Known("a Keras model", KerasCheckpoint::recognises, KerasCheckpoint::open),
            new Known("a Flax checkpoint", FlaxCheckpoint::recognises, FlaxCheckpoint::open),
            new Known("a TensorFlow checkpoint", TensorFlowCheckpoint::recognises, TensorFlowCheckpoint::open),
            new Known("a PyTorch file", TorchCheckpoint::recognises, TorchCheckpoint::open));

    private CheckpointFormats() {}

    /** Whether {@code path} is a checkpoint of a known kind; what is in it is not looked at. */
    public static boolean recognises(Path path) {
        return ALL.stream().anyMatch(known -> known.recognises().test(path));
    }

    /**
     * Opens a checkpoint of any known kind.
     *
     * @throws SquisherException if it is missing or of no known kind
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path) && !TensorFlowCheckpoint.recognises(path)) {
            throw FormatException.unreadable(path, new NoSuchFileException(path.toString()));
        }
        return ALL.stream()
                .filter(known -> known.recognises().test(path))
                .findFirst()
                .orElseThrow(() -> new SquisherException("cannot read '" + path + "': "
                        + ForeignContent.of(path)
                                .or(() -> OrbaxFolder.wayOut(path))
                                .or(() -> DeepSpeedFolder.incomplete(path))
                                .or(() -> TrainerFolder.incomplete(path))
                                .or(() -> TensorFlowCheckpoint.incomplete(path))
                                .orElseGet(() -> ContentKind.of(path)
                                                .map(kind -> "it is " + kind.words() + ", ")
                                                .orElse("")
                                        + noneOfThese())))
                .open()
                .apply(path);
    }

    /**
     * The weights of any file, under the names that a checkpoint's accumulators are paired with: checkpoints of TensorFlow's
     * objects have two sets of names. Closing them closes the file.
     *
     * @throws SquisherException if it is missing, of no known kind, or without weights
     */
    public static WeightSource openWeights(Path path) {
        if (!TensorFlowCheckpoint.recognises(path)) {
            return WeightFormats.open(path);
        }
        Checkpoint checkpoint = open(path);
        return checkpoint.weights().orElseThrow(() -> {
            checkpoint.close();
            return new SquisherException("'" + path + "' holds no weights");
        });
    }

    private static String noneOfThese() {
        return "none of " + ALL.stream().map(Known::name).collect(Collectors.joining(", "));
    }
}
