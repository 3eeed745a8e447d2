package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each model as Keras 3.15 saves it in three ways: see {@code src/test/scripts/write_keras_saved_files.py}. */
class KerasSavedFilesTest {
    private static final Path FILES = Path.of("src/test/resources/keras_saved");

    @ParameterizedTest
    @ValueSource(strings = {"plain", "nested", "recurrent", "convolution", "bfloat16"})
    void aModelHasTheSameNamesHoweverItWasSaved(String model) {
        Set<String> names = trained(model + ".keras");
        assertEquals(names, trained(model + ".h5"));
        assertEquals(names, trained(model + ".weights.h5"));
    }

    private static Set<String> trained(String file) {
        try (WeightSource weights = WeightFormats.open(FILES.resolve(file))) {
            return weights.names().stream()
                    .filter(name -> weights.role(name) == Role.PARAMETER)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "nested", "recurrent", "convolution", "bfloat16"})
    void everyAccumulatorGetsItsParametersName(String model) throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(model);
        for (String ending : Set.of(".keras", ".h5", ".weights.h5")) {
            try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(model + ending));
                    WeightSource weights = WeightFormats.open(FILES.resolve(model + ".keras"))) {
                OptimizerState state = checkpoint.optimizer();
                assertEquals(2, state.facts().getStep());
                Set<String> seen = new TreeSet<>();
                for (Pairing pairing : Naming.of(state, java.util.Optional.of(Parameters.of(weights)), false)) {
                    double[] values = StreamSupport.stream(
                                    expected.getAsJsonArray(pairing.parameter()).spliterator(), false)
                            .mapToDouble(JsonElement::getAsDouble)
                            .toArray();
                    assertArrayEquals(
                            values,
                            pairing.slot().accumulator().orElseThrow().toDoubles(),
                            1e-9,
                            model + ending + " " + pairing.parameter());
                    seen.add(pairing.parameter());
                }
                assertEquals(expected.keySet(), seen, model + ending);
            }
        }
    }
}
