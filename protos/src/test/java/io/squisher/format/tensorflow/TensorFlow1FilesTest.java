package io.squisher.format.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Parameters;
import io.squisher.format.CheckpointFormats;
import io.squisher.format.CheckpointValues;
import io.squisher.format.WeightFormats;
import io.squisher.format.tensorflow.bundle.BundleWriter;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.weights.Role;
import io.squisher.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that TensorFlow wrote in its mode for version 1, mostly with minimize() under a scope: {@code src/test/scripts/write_tf1_files.py}. */
class TensorFlow1FilesTest {
    private static final Path FILES = Path.of("src/test/resources/tf1");
    private static final Set<String> PARAMETERS =
            Set.of("net/l1/kernel", "net/l1/bias", "net/l2/kernel", "net/l2/bias");

    private static JsonObject expected(String file) throws IOException {
        return JsonParser.parseString(Files.readString(FILES.resolve("expected.json")))
                .getAsJsonObject()
                .getAsJsonObject(file);
    }

    /** Three steps; the scope is taken off, and the programs' own variables are found whatever the scope is called. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "adam",
                "adam_deep_scope",
                "adam_own_name",
                "adam_same_scope",
                "adam_ema",
                "rmsprop",
                "rmsprop_centered",
                "rmsprop_centered_plain",
                "adagrad",
                "adadelta",
                "ftrl",
                "proximal",
                "dual"
            })
    void everyAccumulatorGetsItsVariablesName(String file) throws IOException {
        JsonObject expected = expected(file);
        try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(expected.get("optimizer").getAsString(), state.facts().getOptimizer());
            assertEquals(3, state.facts().getStep());
            assertEquals(!expected.get("decay").isJsonNull(), state.facts().hasDecay());
            if (state.facts().hasDecay()) {
                assertEquals(expected.get("decay").getAsDouble(), state.facts().getDecay());
            }
            CheckpointValues.values(Naming.of(state, checkpoint.weights().map(Parameters::of), false), expected);
        }
    }

    /** inspect, prune and merge ask these roles; convert asks the checkpoint's weights. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "adam",
                "adam_deep_scope",
                "adam_own_name",
                "adam_same_scope",
                "adam_ema",
                "rmsprop",
                "rmsprop_centered",
                "rmsprop_centered_plain",
                "adagrad",
                "adadelta",
                "ftrl",
                "proximal",
                "dual",
                "momentum",
                "sgd"
            })
    void whatAnOptimizerKeepsIsNoParameter(String file) {
        try (WeightSource weights = WeightFormats.open(FILES.resolve(file + ".index"));
                Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
            Set<String> parameters = weights.names().stream()
                    .filter(name -> weights.role(name) == Role.PARAMETER)
                    .collect(Collectors.toSet());
            assertEquals(PARAMETERS, parameters);
            assertEquals(PARAMETERS, checkpoint.weights().orElseThrow().names());
        }
    }

    @Test
    void momentumAndPartsAreRefusedByName() {
        Map<String, String> words = Map.of(
                "momentum", "it is of Momentum, which keeps a mean of the gradients",
                "sgd", "no variables that are known as accumulators of squared gradients",
                "partitioned", "is a slot of a part of the partitioned variable 'net/l1/bias'");
        words.forEach((file, why) -> {
            try (Checkpoint checkpoint = CheckpointFormats.open(FILES.resolve(file))) {
                String message = assertThrows(SquisherException.class, checkpoint::optimizer)
                        .getMessage();
                assertTrue(message.contains(why), message);
            }
        });
    }

    @TempDir
    Path folder;

    private String refused(Map<String, Tensor> tensors) {
        BundleWriter.write(folder.resolve("m"), new TreeMap<>(tensors));
        try (Checkpoint checkpoint = CheckpointFormats.open(folder.resolve("m"))) {
            return assertThrows(SquisherException.class, checkpoint::optimizer).getMessage();
        }
    }

    /** The scope may be a part of a variable's name: where two variables fit, neither is taken. */
    @Test
    void aSlotThatMayBeOfTwoVariablesIsRefused() {
        Tensor vector = Tensor.of(Shape.of(2), 1f, 2f);
        String message = refused(Map.of("q/w", vector, "target/q/w", vector, "target/q/w/Adagrad", vector));
        assertTrue(message.contains("'target/q/w/Adagrad' may be a slot of each of 'q/w', 'target/q/w'"), message);
    }

    /** Two optimizers in scopes of their own: over one variable they are refused, over two each has its own. */
    @Test
    void optimizersInSeveralScopes() {
        Tensor vector = Tensor.of(Shape.of(2), 1f, 2f);
        Map<String, Tensor> twice = new TreeMap<>();
        for (String name : List.of("w", "a/w/Adam", "a/w/Adam_1", "b/w/Adam", "b/w/Adam_1")) {
            twice.put(name, vector);
        }
        twice.put("a/beta2_power", Tensor.of(Shape.of(), 0.999f * 0.999f));
        String message = refused(twice);
        assertTrue(message.contains("several optimizers, Adam twice over 'w'"), message);
        twice.put("v", vector);
        for (String name : List.of("b/w/Adam", "b/w/Adam_1")) {
            twice.remove(name);
            twice.put(name.replace("w", "v"), vector);
        }
        BundleWriter.write(folder.resolve("two"), twice);
        try (Checkpoint checkpoint = CheckpointFormats.open(folder.resolve("two"))) {
            Set<String> names = checkpoint.optimizer().slots().stream()
                    .map(slot -> slot.name().orElseThrow())
                    .collect(Collectors.toSet());
            assertEquals(Set.of("v", "w"), names);
        }
    }

    /** Under a scope TensorFlow gives the slots of the parts of a variable different names: none is whole. */
    @Test
    void slotsOfPartsAreLeftOutOfTheWeights() {
        try (WeightSource weights = WeightFormats.open(FILES.resolve("partitioned.index"))) {
            assertTrue(weights.names().containsAll(Set.of("net/l1/kernel", "net/l2/bias")));
            assertTrue(
                    weights.names().stream().noneMatch(name -> name.contains("art_0")),
                    weights.names().toString());
            assertEquals("some of its parts alone", weights.unread().get("net/l1/bias/art_0/Adam"));
            Path copy = folder.resolve("copy.index");
            weights.format().write(copy, weights, Map.of(), Map.of());
            try (WeightSource again = WeightFormats.open(copy)) {
                assertEquals(weights.names(), again.names());
                assertEquals(Map.of(), again.unread());
            }
        }
    }
}
