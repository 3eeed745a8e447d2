package io.squisher.onnx.training;

import io.squisher.SquisherException;
import io.squisher.files.AtomicFile;
import io.squisher.files.FormatException;
import io.squisher.format.safetensors.SafetensorsFile;
import io.squisher.format.safetensors.SafetensorsWriter;
import io.squisher.internal.gson.Gson;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.weights.ContentHash;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file beside a checkpoint that a training goes on from: a safetensors file with {@code SLOT/PARAMETER} for each slot of the
 * optimizer, and in its metadata {@value #KEY}, where the training is and with which settings, as JSON.
 */
final class TrainingState {
    /** What a checkpoint's prefix is extended by. */
    static final String SUFFIX = ".training.safetensors";

    private static final String KEY = "squisher.training";
    private static final String HASH_KEY = "squisher.training.hash";
    private static final String OWN = "squared_gradient";
    private static final String FORMAT = "training state";

    private TrainingState() {}

    /** As it stands in the metadata. Doubles in Java's shortest text, which gives the same ones back. */
    private static final class Content {
        private Map<String, String> settings = Map.of();
        private int epoch;
        private int stepOfEpoch;
        private long step;
        private String loss = "0";
        private String hits = "0";
        private long labels;
        private long examples;
        private List<List<String>> history = List.of();
    }

    /** Writes the state under a temporary name. */
    static AtomicFile prepare(Path file, ModelState state, TrainingProgress progress, Map<String, String> settings) {
        Map<String, Tensor> tensors = tensors(state);
        Content content = new Content();
        content.settings = settings;
        content.epoch = progress.epoch();
        content.stepOfEpoch = progress.stepOfEpoch();
        content.step = progress.step();
        TrainingProgress.Sums sums = progress.sums();
        content.loss = Double.toString(sums.loss());
        content.hits = Double.toString(sums.hits());
        content.labels = sums.labels();
        content.examples = sums.examples();
        content.history = progress.history().stream().map(TrainingState::row).toList();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(KEY, new Gson().toJson(content));
        metadata.put(HASH_KEY, ContentHash.of(tensors.keySet(), tensors::get));
        return SafetensorsWriter.prepare(file, tensors, metadata);
    }

    private static Map<String, Tensor> tensors(ModelState state) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        buffers(state)
                .forEach((name, place) -> tensors.put(name, place.parameter().tensor(place.buffer())));
        return tensors;
    }

    private record Place(TrainedParameter parameter, ByteBuffer buffer) {}

    private static Map<String, Place> buffers(ModelState state) {
        Map<String, Place> buffers = new LinkedHashMap<>();
        state.parameters().forEach((name, parameter) -> {
            parameter.slots().forEach((slot, buffer) -> buffers.put(slot + "/" + name, new Place(parameter, buffer)));
            parameter.ownSquares().ifPresent(own -> buffers.put(OWN + "/" + name, new Place(parameter, own)));
        });
        return buffers;
    }

    private static List<String> row(EpochReport report) {
        List<String> row = new ArrayList<>(List.of(
                Integer.toString(report.epoch()),
                Long.toString(report.step()),
                Boolean.toString(report.best()),
                Double.toString(report.seconds()),
                Double.toString(report.training().loss()),
                Double.toString(report.training().metric())));
        report.validation().ifPresent(score -> {
            row.add(Double.toString(score.loss()));
            row.add(Double.toString(score.metric()));
        });
        return row;
    }

    private static EpochReport report(List<String> row) {
        return new EpochReport(
                Integer.parseInt(row.get(0)),
                Long.parseLong(row.get(1)),
                new EpochReport.Score(Double.parseDouble(row.get(4)), Double.parseDouble(row.get(5))),
                row.size() > 6
                        ? Optional.of(
                                new EpochReport.Score(Double.parseDouble(row.get(6)), Double.parseDouble(row.get(7))))
                        : Optional.empty(),
                Boolean.parseBoolean(row.get(2)),
                Double.parseDouble(row.get(3)));
    }

    /**
     * Whether a file is whole.
     *
     * @throws SquisherException saying what is wrong
     */
    static void verify(Path file) {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            verify(stored);
        }
    }

    private static void verify(SafetensorsFile stored) {
        String hash = stored.metadata().get(HASH_KEY);
        if (hash == null || stored.metadata().get(KEY) == null) {
            throw FormatException.notA(stored.path(), FORMAT, "its metadata has no " + KEY);
        }
        if (!hash.equals(ContentHash.of(stored.tensors().keySet(), stored.tensors()::get))) {
            throw FormatException.bad(stored.path(), FORMAT, "its hash is not that of its tensors");
        }
    }

    /**
     * Takes over slots and place.
     *
     * @throws SquisherException if the file is of another training
     */
    static void restore(Path file, ModelState state, TrainingProgress progress, Map<String, String> settings) {
        try (SafetensorsFile stored = SafetensorsFile.open(file)) {
            verify(stored);
            Content content = content(stored);
            requireSame(file, content.settings, settings);
            buffers(state).forEach((name, place) -> {
                Tensor tensor = stored.tensors().get(name);
                if (tensor == null
                        || tensor.type() != ElementType.F32
                        || !tensor.shape().equals(place.parameter().shape())) {
                    throw FormatException.bad(file, FORMAT, "it has no '" + name + "' of the parameter's shape");
                }
                ByteBuffer target = place.buffer().duplicate().rewind();
                tensor.readBytes(0, target);
            });
            state.parameters().values().stream()
                    .filter(TrainedParameter::isTable)
                    .forEach(TrainedParameter::findTouched);
            progress.restore(content.history.stream().map(TrainingState::report).toList());
            progress.restore(
                    content.epoch,
                    content.stepOfEpoch,
                    content.step,
                    new TrainingProgress.Sums(
                            Double.parseDouble(content.loss),
                            Double.parseDouble(content.hits),
                            content.labels,
                            content.examples));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw FormatException.bad(file, FORMAT, KEY + " holds something that is no number");
        }
    }

    private static Content content(SafetensorsFile stored) {
        try {
            Content content = new Gson().fromJson(stored.metadata().get(KEY), Content.class);
            if (content == null
                    || content.settings == null
                    || content.history == null
                    || content.history.stream().anyMatch(row -> row == null || row.contains(null))
                    || content.epoch < 1
                    || content.stepOfEpoch < 0
                    || content.step < 0) {
                throw FormatException.bad(stored.path(), FORMAT, KEY + " lacks what it should hold");
            }
            return content;
        } catch (JsonParseException e) {
            throw FormatException.bad(stored.path(), FORMAT, KEY + " is no JSON object");
        }
    }

    private static void requireSame(Path file, Map<String, String> before, Map<String, String> now) {
        now.forEach((setting, value) -> {
            String earlier = before.get(setting);
            if (!value.equals(earlier)) {
                throw new SquisherException("cannot go on from '" + file + "': its training had "
                        + (earlier == null ? "no " + setting : setting + " " + earlier) + ", this one has " + value
                        + "; take the same settings, or another folder");
            }
        });
    }
}
