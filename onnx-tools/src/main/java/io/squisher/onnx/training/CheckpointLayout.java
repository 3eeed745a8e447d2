package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.checkpoint.folder.PairLayout;
import io.squisher.files.FormatException;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.ExternalData;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxTensors;
import io.squisher.proto.onnx.TensorProto;
import io.squisher.weights.ContentHash;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** A pair of a training: the model, its squared gradients, and the state that the training goes on from. */
final class CheckpointLayout implements PairLayout {
    /** Entry of the squared gradients' metadata that holds the validation loss. */
    static final String METRIC_KEY = "squisher.metric";

    private static final String MODEL = ".onnx";

    /** The model of a pair. */
    static Path model(Path prefix) {
        return prefix.resolveSibling(prefix.getFileName() + MODEL);
    }

    static Path state(Path prefix) {
        return prefix.resolveSibling(prefix.getFileName() + TrainingState.SUFFIX);
    }

    private static Path squisher(Path prefix) {
        return TrainingResult.squisherOf(model(prefix));
    }

    @Override
    public String last() {
        return MODEL;
    }

    @Override
    public boolean isPart(String ending) {
        return ending.equals(TrainingResult.SQUISHER_SUFFIX)
                || ending.equals(TrainingState.SUFFIX)
                || ending.equals(MODEL)
                || ending.startsWith(MODEL + ".") && ending.endsWith(".data");
    }

    @Override
    public OptionalDouble metric(Path prefix) {
        try (FisherFile file = FisherFile.open(squisher(prefix))) {
            String metric = file.metadata().get(METRIC_KEY);
            return metric == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(metric));
        } catch (FormatException | NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    @Override
    public void verify(Path prefix) {
        Path file = squisher(prefix);
        OnnxFile model = OnnxFile.read(model(prefix));
        Map<String, TensorProto> stored = new HashMap<>();
        model.model().getGraph().getInitializerList().forEach(tensor -> stored.put(tensor.getName(), tensor));
        try (ExternalData external = new ExternalData(model.path());
                FisherFile squares = FisherFile.open(file)) {
            for (String name : squares.diagonal().names()) {
                if (!stored.containsKey(name)) {
                    throw new SquisherException("'" + file + "' does not belong to '" + model.path()
                            + "', which has no parameter '" + name + "'");
                }
            }
            String hash =
                    ContentHash.of(squares.diagonal().names(), name -> OnnxTensors.read(stored.get(name), external));
            if (!hash.equals(squares.diagonal().provenance().getWeightsHash())) {
                throw new SquisherException(
                        "'" + file + "' does not belong to '" + model.path() + "': the hash of the weights differs");
            }
        }
        TrainingState.verify(state(prefix));
    }
}
