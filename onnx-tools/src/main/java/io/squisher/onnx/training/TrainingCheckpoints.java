package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.CheckpointFolder;
import io.squisher.checkpoint.folder.FolderLock;
import io.squisher.checkpoint.folder.Retention;
import io.squisher.checkpoint.folder.SavedCheckpoint;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.files.Opening;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The checkpoints of a training: each exists whole or not at all, whenever the process ends. The folder belongs to one training
 * at a time. A save is on disk when its method returns: there is no second copy of the weights in memory.
 */
final class TrainingCheckpoints implements AutoCloseable {
    private final Choice choice;
    private final FolderLock lock;
    private final CheckpointFolder folder;
    private final TrainedPair pair;
    private final CheckpointLayout layout = new CheckpointLayout();

    /**
     * What the user wants.
     *
     * @param everySteps saves within an epoch as well, after so many steps; 0 for the ends of epochs alone
     * @param resume whether to go on from the newest checkpoint, if there is one
     */
    record Choice(Path folder, Retention retention, long everySteps, boolean resume) {
        Choice {
            if (everySteps < 0) {
                throw new SquisherException("the steps between two checkpoints are 0 or more, not " + everySteps);
            }
        }
    }

    private TrainingCheckpoints(Choice choice, FolderLock lock, CheckpointFolder folder, TrainedPair pair) {
        this.choice = choice;
        this.lock = lock;
        this.folder = folder;
        this.pair = pair;
    }

    /**
     * Opens a folder, which is made if need be, and removes what a killed run left half-written in it.
     *
     * @throws SquisherException if another run is saving into it, it cannot be written to, or it has checkpoints and the
     *     training is not to go on from them
     */
    static TrainingCheckpoints open(Choice choice, TrainedPair pair) {
        Path path = choice.folder();
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw FormatException.unwritable(path, e);
        }
        try (Opening opening = new Opening()) {
            FolderLock lock = opening.add(FolderLock.of(path));
            CheckpointFolder folder = new CheckpointFolder(path, new CheckpointLayout());
            if (!folder.pairs().isEmpty() && !choice.resume()) {
                throw new SquisherException("'" + path + "' has checkpoints of a training, the last of step "
                        + folder.pairs().get(folder.pairs().size() - 1).step()
                        + "; go on from it with resume, or give this training a folder of its own");
            }
            return opening.keep(new TrainingCheckpoints(choice, lock, folder, pair));
        }
    }

    /** The model of the newest checkpoint. */
    Optional<Path> latest() {
        List<SavedCheckpoint> all = folder.pairs();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(CheckpointLayout.model(all.get(all.size() - 1).prefix()));
    }

    /**
     * Takes over the newest checkpoint that is whole.
     *
     * @return whether there is one
     * @throws SquisherException if there are some and none can be read, or the training is another one
     */
    boolean restore(TrainingProgress progress) {
        List<SavedCheckpoint> all = folder.pairs();
        SquisherException first = null;
        for (int i = all.size() - 1; i >= 0; i--) {
            Path prefix = all.get(i).prefix();
            try {
                layout.verify(prefix);
            } catch (SquisherException e) {
                first = first == null ? e : first;
                continue;
            }
            TrainingState.restore(CheckpointLayout.state(prefix), pair.state(), progress, pair.settings());
            readWeights(CheckpointLayout.model(prefix));
            return true;
        }
        if (first != null) {
            throw first;
        }
        return false;
    }

    private void readWeights(Path path) {
        OnnxFile model = OnnxFile.read(path);
        Map<String, TensorProto> stored = new HashMap<>();
        model.model().getGraph().getInitializerList().forEach(tensor -> stored.put(tensor.getName(), tensor));
        try (ExternalData external = new ExternalData(path)) {
            pair.state()
                    .parameters()
                    .forEach((name, parameter) -> read(path, name, stored.get(name), external, parameter.weights()));
            pair.state()
                    .statistics()
                    .forEach((name, statistic) -> read(path, name, stored.get(name), external, statistic.value()));
        }
    }

    private static void read(Path path, String name, TensorProto proto, ExternalData external, ByteBuffer target) {
        Tensor tensor = proto == null ? null : OnnxTensors.read(proto, external);
        if (tensor == null || tensor.type() != ElementType.F32 || tensor.byteSize() != target.capacity()) {
            throw new SquisherException("cannot go on from '" + path + "': it has no '" + name
                    + "' of the model's size; take the model that its training began with");
        }
        tensor.readBytes(0, target.duplicate().rewind());
    }

    /** Saves where {@link Choice} says so within an epoch. */
    void afterStep(TrainingProgress progress, TrainingListener listener) {
        if (choice.everySteps() > 0 && progress.step() % choice.everySteps() == 0) {
            save(progress, OptionalDouble.empty(), listener);
        }
    }

    /** Saves at the end of an epoch. */
    void afterEpoch(TrainingProgress progress, EpochReport report, TrainingListener listener) {
        OptionalDouble loss = report.validation()
                .map(score -> OptionalDouble.of(score.loss()))
                .orElse(OptionalDouble.empty());
        save(progress, loss, listener);
    }

    private void save(TrainingProgress progress, OptionalDouble loss, TrainingListener listener) {
        Divergence.after(progress, latest()).requireFinite(pair.state());
        Path prefix = folder.newPrefix(progress.step());
        Map<String, String> metadata =
                loss.isPresent() ? Map.of(CheckpointLayout.METRIC_KEY, Double.toString(loss.getAsDouble())) : Map.of();
        List<SavedCheckpoint> gone;
        try (AtomicFile state =
                        TrainingState.prepare(CheckpointLayout.state(prefix), pair.state(), progress, pair.settings());
                TrainedPair.Prepared files = pair.prepare(CheckpointLayout.model(prefix), progress.step(), metadata)) {
            List<AtomicFile> inOrder = new ArrayList<>(List.of(state, files.squisher()));
            inOrder.addAll(files.model().files());
            gone = folder.add(new SavedCheckpoint(prefix, progress.step(), loss), inOrder, choice.retention());
        } catch (RuntimeException e) {
            folder.discard(prefix);
            throw e;
        }
        folder.remove(gone);
        listener.saved(CheckpointLayout.model(prefix));
    }

    @Override
    public void close() {
        lock.close();
    }
}
