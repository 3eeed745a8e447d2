package io.squisher.format.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.format.WeightFormats;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of Keras 2.12 to 2.15 and 3.0 to 3.5, which do not name their layers: see {@code src/test/scripts/write_keras_older_files.py}. */
class KerasOlderFilesTest {
    private static final Path FILES = Path.of("src/test/resources/keras_older");

    private static JsonObject json(String file) throws IOException {
        return JsonParser.parseString(Files.readString(FILES.resolve(file))).getAsJsonObject();
    }

    /**
     * Twelve layers of a class, with others between; models in models, parts of layers, a frozen layer; backslashes; layers that
     * stand twice in a list; an optimizer given by its name alone.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {"many.keras", "nested.keras", "nested_windows.keras", "nested_twice.keras", "by_name.keras"})
    void everyAccumulatorGetsItsParametersName(String file) throws IOException {
        JsonObject expected = json("expected.json").getAsJsonObject(file);
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals("Adam", state.facts().getOptimizer());
            assertEquals(expected.get("step").getAsLong(), state.facts().getStep());
            assertEquals(0.999, state.facts().getDecay());
            List<Pairing> pairings = Naming.of(state, checkpoint.weights().map(Parameters::of), false);
            assertTrue(pairings.stream().allMatch(pairing -> pairing.reason().equals("order")));
            CheckpointValues.values(pairings, expected);
        }
    }

    /** Roles as inspect, prune and merge see them. */
    @ParameterizedTest
    @ValueSource(
            strings = {"many.keras", "nested.keras", "nested_windows.keras", "nested_twice.keras", "by_name.keras"})
    void whatIsNotTrainedIsNoParameter(String file) throws IOException {
        JsonObject expected = json("expected.json").getAsJsonObject(file);
        Set<String> others = StreamSupport.stream(
                        expected.getAsJsonArray("others").spliterator(), false)
                .map(JsonElement::getAsString)
                .collect(Collectors.toCollection(TreeSet::new));
        try (WeightSource weights = WeightFormats.open(FILES.resolve(file))) {
            Set<String> seen = weights.names().stream()
                    .filter(name -> weights.role(name) != Role.PARAMETER)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(others, seen);
            for (String name : others) {
                Role role = weights.role(name);
                assertEquals(name.startsWith("metrics/") ? Role.CONSTANT : Role.STATISTIC, role, name);
            }
        }
    }

    /** Files from the field, with the first values of each accumulator. */
    @ParameterizedTest
    @CsvSource({"k3_4_named.keras, 6", "k2_15_unix.keras, 6", "k2_15_windows.keras, 6"})
    void filesFromTheField(String file, int count) throws IOException {
        JsonObject truth = json(file + ".truth.json");
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
            List<Pairing> pairings =
                    Naming.of(checkpoint.optimizer(), checkpoint.weights().map(Parameters::of), false);
            assertEquals(count, pairings.size());
            for (Pairing pairing : pairings) {
                double[] first = CheckpointValues.doubles(truth.get(pairing.parameter()));
                assertEquals(
                        Arrays.toString(first),
                        Arrays.toString(Arrays.copyOf(
                                pairing.slot().accumulator().orElseThrow().toDoubles(), first.length)),
                        pairing.parameter());
            }
        }
    }

    @Test
    void classesAreSpeltAsKerasSpellsThem() {
        String[][] spellings = {
            {"Dense", "dense"},
            {"Conv2D", "conv2d"},
            {"Conv2DTranspose", "conv2d_transpose"},
            {"DepthwiseConv1D", "depthwise_conv1d"},
            {"LSTM", "lstm"},
            {"ConvLSTM2D", "conv_lstm2d"},
            {"SimpleRNN", "simple_rnn"},
            {"MultiHeadAttention", "multi_head_attention"},
            {"BatchNormalization", "batch_normalization"},
            {"PReLU", "p_re_lu"},
            {"TFSMLayer", "tfsm_layer"},
            {"Custom>MyBlock", "my_block"},
        };
        for (String[] spelling : spellings) {
            assertEquals(spelling[1], KerasClassNames.snake(spelling[0]), spelling[0]);
        }
        List<String> ways = KerasClassNames.snakes("MyV2Layer");
        assertEquals("my_v2_layer", ways.get(0));
        assertNotEquals(ways.get(0), ways.get(1));
    }
}
