package io.squisher.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.squisher.checkpoint.Checkpoint;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Compares a checkpoint with what the program that wrote it found in it: {@code write_torch_files.py}. */
public final class CheckpointValues {
    private CheckpointValues() {}

    /** Numbers of a JSON array. */
    public static double[] doubles(JsonElement array) {
        return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
    }

    /** Checks optimizer, slot, step, decay, and every value under its parameter's name; closes the checkpoint. */
    public static void check(Checkpoint open, JsonObject expected) {
        try (Checkpoint checkpoint = open) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(expected.get("kind").getAsString(), state.facts().getOptimizer());
            assertEquals(expected.get("slot").getAsString(), state.facts().getSlot());
            assertEquals(expected.get("step").getAsLong(), state.facts().getStep());
            assertEquals(expected.has("decay"), state.facts().hasDecay());
            if (expected.has("decay")) {
                assertEquals(expected.get("decay").getAsDouble(), state.facts().getDecay());
            }
            values(Naming.of(state, checkpoint.weights().map(Parameters::of), false), expected);
        }
    }

    /** Checks the values alone. */
    public static void values(List<Pairing> pairings, JsonObject expected) {
        Map<String, JsonElement> values = expected.getAsJsonObject("values").asMap();
        assertEquals(
                new TreeSet<>(values.keySet()),
                new TreeSet<>(pairings.stream().map(Pairing::parameter).toList()));
        for (Pairing pairing : pairings) {
            assertArrayEquals(
                    doubles(values.get(pairing.parameter())),
                    pairing.slot().accumulator().orElseThrow().toDoubles(),
                    pairing.parameter());
        }
    }
}
