package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.Parameters;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.format.zip.ZipArchive;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bare weights that Keras 3.15 wrote, without settings: see {@code src/test/scripts/write_keras_bare_files.py}. */
class KerasBareFilesTest {
    private static final Path FILES = Path.of("src/test/resources/keras_bare");

    private static final Shape A = Shape.of(3, 3);
    private static final Shape B = Shape.of(5);

    @TempDir
    Path folder;

    /** Averages or summed gradients before the squares; RMSprop with momenta and means behind them. */
    @ParameterizedTest
    @ValueSource(strings = {"ema.weights.h5", "acc.weights.h5", "rms.weights.h5", "rmsc.weights.h5", "rmse.weights.h5"})
    void signsTellTheSquares(String file) throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(file);
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
            assertEquals(
                    file.startsWith("rms") ? "RMSprop" : "Adam",
                    checkpoint.optimizer().facts().getOptimizer());
            CheckpointValues.values(
                    Naming.of(checkpoint.optimizer(), checkpoint.weights().map(Parameters::of), false), expected);
        }
    }

    /**
     * Layers of each class are numbered in the model's order, and the accumulators' shapes say which class comes when: the pairs are
     * those of the file with its settings, though its layers have other names.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "keras/plain.keras",
                "keras/apart.keras",
                "keras/amsgrad.keras",
                "keras/ema.keras",
                "keras/everything.keras",
                "keras3/nadam.keras",
                "keras3/ftrl.keras"
            })
    void shapesTellTheOrderOfTheClasses(String file) throws IOException {
        Path whole = Path.of("src/test/resources").resolve(file);
        Path bare = folder.resolve("m.weights.h5");
        try (ZipArchive archive = ZipArchive.open(whole)) {
            Files.write(bare, archive.bytes("model.weights.h5", 1 << 20));
        }
        assertEquals(pairs(whole), pairs(bare));
    }

    /** Parameters and their accumulators, in the optimizer's order. */
    private static List<String> pairs(Path file) {
        try (Checkpoint checkpoint = CheckpointFormats.open(file)) {
            WeightSource weights = checkpoint.weights().orElseThrow();
            return Naming.of(checkpoint.optimizer(), Optional.of(Parameters.of(weights)), false).stream()
                    .map(pairing -> {
                        assertEquals("order", pairing.reason());
                        return Arrays.toString(
                                        weights.tensor(pairing.parameter()).toFloats())
                                + Arrays.toString(pairing.slot()
                                        .accumulator()
                                        .orElseThrow()
                                        .toFloats());
                    })
                    .toList();
        }
    }

    private static Map<String, Tensor> tensors(Map<String, String> paths, String shapes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        int i = 0;
        for (String name : paths.keySet()) {
            tensors.put(
                    name, Tensor.of(shapes.charAt(i++) == 'a' ? A : B, new float[shapes.charAt(i - 1) == 'a' ? 9 : 5]));
        }
        return tensors;
    }

    /** {@code groups} are datasets without {@code /vars/i}; {@code shapes} and {@code slots} have a letter for each. */
    private static Optional<List<String>> order(String groups, String shapes, String slots) {
        Map<String, String> paths = new LinkedHashMap<>();
        for (String group : groups.split(" ")) {
            paths.put(group.substring(group.indexOf('/') + 1), group + "/vars/0");
        }
        return KerasInterleaving.of(
                paths,
                tensors(paths, shapes),
                slots.chars().mapToObj(letter -> letter == 'a' ? A : B).toList());
    }

    @ParameterizedTest
    @CsvSource({
        // numbers and not names order the layers of a class
        "layers/dense layers/dense_1 layers/dense_10 layers/dense_2, aaaa, aaaa, dense dense_1 dense_2 dense_10",
        // the shapes say when another class comes
        "layers/conv layers/conv_1 layers/dense layers/dense_1, aabb, abab, conv dense conv_1 dense_1",
        "layers/dense layers/dense_1 layers/mask, aba, aba, dense dense_1 mask",
        // two classes of one shape: more than one order
        "layers/conv layers/dense, aa, aa, ",
        // a layer that is not trained
        "layers/dense layers/dense_1, aa, a, ",
        // no order inside a layer, or of attributes of a model
        "layers/pair/left layers/pair/right, aa, aa, ",
        "first/dense first/dense_1, aa, aa, ",
        "layers/dense layers/dense_1, ab, ba, "
    })
    void nothingIsGuessed(String groups, String shapes, String slots, String expected) {
        assertEquals(
                Optional.ofNullable(expected).map(names -> List.of(names.split(" "))), order(groups, shapes, slots));
    }
}
