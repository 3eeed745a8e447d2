package io.squisher.format.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.format.tensorflow.bundle.SealedBundle;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checkpoints of objects as {@code tf.train.Checkpoint} keys them. Two variables of one shape, whose slots stand in the other
 * order: only the names in the object graph tell them apart.
 */
class ObjectCheckpointTest {
    @TempDir
    Path folder;

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();

    private void put(String object, String name, Tensor tensor) {
        tensors.put(object + ObjectNames.VALUE, tensor);
        names.put(object + ObjectNames.VALUE, name);
    }

    private static Tensor pair(float first) {
        return Tensor.of(Shape.of(2), first, first + 1);
    }

    private TensorFlowCheckpoint open() throws IOException {
        SealedBundle.writeObjects(folder.resolve("m.ckpt"), tensors, names);
        return TensorFlowCheckpoint.open(folder.resolve("m.ckpt"));
    }

    private OptimizerState state() throws IOException {
        try (TensorFlowCheckpoint checkpoint = open()) {
            OptimizerState state = checkpoint.optimizer();
            Map<String, float[]> found = new TreeMap<>();
            for (Slot slot : state.slots()) {
                found.put(
                        slot.name().orElseThrow(),
                        slot.accumulator().orElseThrow().toFloats());
            }
            assertEquals(Set.of("first/bias", "second/bias"), found.keySet());
            assertArrayEquals(new float[] {10, 11}, found.get("first/bias"));
            assertArrayEquals(new float[] {20, 21}, found.get("second/bias"));
            assertEquals(
                    Set.of("first/bias", "second/bias"),
                    checkpoint.weights().orElseThrow().names());
            return state;
        }
    }

    private void model() {
        put("model/layer_with_weights-0/bias", "first/bias", pair(1));
        put("model/layer_with_weights-1/bias", "second/bias", pair(3));
        put("optimizer/_iterations", "iteration", Tensor.of(Shape.of(), 60L));
        put("optimizer/_learning_rate", "learning_rate", Tensor.of(Shape.of(), 0.001f));
    }

    /** Keras 2.11 to 2.15: the slot stands first in the name. */
    @ParameterizedTest
    @CsvSource({
        "Adam, v, m, Adam",
        "AdamW, v, m, AdamW",
        "Nadam_1, v, m, Nadam",
        "RMSprop, velocity, momentum, RMSprop",
        "Adagrad, accumulator, other, Adagrad",
        "Adadelta, accumulated_grad, accumulated_delta_var, Adadelta",
        "Ftrl, accumulator, linear, Ftrl"
    })
    void numberedVariablesOfKeras2(String optimizer, String squares, String other, String expected) throws IOException {
        model();
        put("optimizer/_variables/1", optimizer + "/" + other + "/second/bias", pair(-5));
        put("optimizer/_variables/2", optimizer + "/" + squares + "/second/bias", pair(20));
        put("optimizer/_variables/3", optimizer + "/" + other + "/first/bias", pair(-7));
        put("optimizer/_variables/4", optimizer + "/" + squares + "/first/bias", pair(10));
        OptimizerState state = state();
        assertEquals(expected, state.facts().getOptimizer());
        assertEquals(60, state.facts().getStep());
    }

    /** Keras 3: the slot stands last, after the variable's path with underscores. */
    @ParameterizedTest
    @CsvSource({"adam, velocity, momentum, Adam", "rmsprop, velocity, momentum, RMSprop"})
    void numberedVariablesOfKeras3(String optimizer, String squares, String other, String expected) throws IOException {
        model();
        put("optimizer/_variables/2", optimizer + "/second_bias_" + other, pair(-5));
        put("optimizer/_variables/3", optimizer + "/second_bias_" + squares, pair(20));
        put("optimizer/_variables/4", optimizer + "/first_bias_" + other, pair(-7));
        put("optimizer/_variables/5", optimizer + "/first_bias_" + squares, pair(10));
        assertEquals(expected, state().facts().getOptimizer());
    }

    private void keyed(String optimizer) {
        model();
        for (String[] variable : new String[][] {{"0", "first", "10"}, {"1", "second", "20"}}) {
            String key = "model/layer_with_weights-" + variable[0] + "/bias/.OPTIMIZER_SLOT/optimizer/";
            put(key + "m", optimizer + "/" + variable[1] + "/bias/m", pair(-5));
            put(key + "v", optimizer + "/" + variable[1] + "/bias/v", pair(Float.parseFloat(variable[2])));
        }
        put("optimizer/beta_2", optimizer + "/beta_2", Tensor.of(Shape.of(), 0.98f));
        put("optimizer/iter", optimizer + "/iter", Tensor.of(Shape.of(), 61L));
    }

    @Test
    void slotsOfKeras2AreKeyedByTheirVariable() throws IOException {
        keyed("training/Adam");
        OptimizerState state = state();
        assertEquals("Adam", state.facts().getOptimizer());
        assertEquals(0.98, state.facts().getDecay());
        assertEquals(61, state.facts().getStep());
    }

    /** Adamax keeps slots of the same names as Adam. */
    @Test
    void adamaxIsRefusedByItsName() throws IOException {
        keyed("Adamax");
        try (TensorFlowCheckpoint checkpoint = open()) {
            Exception e = assertThrows(SquisherException.class, checkpoint::optimizer);
            assertTrue(
                    e.getMessage().contains("it is of Adamax, whose slot is a maximum of gradients"), e.getMessage());
        }
    }

    /** Its matrices have momenta alone, and what it gives to Adam looks like Adam. */
    @Test
    void muonIsRefusedByItsName() throws IOException {
        model();
        put("optimizer/_variables/2", "muon/first_bias_momentum", pair(-7));
        put("optimizer/_variables/3", "muon/first_bias_velocity", pair(10));
        put("optimizer/_variables/4", "muon/second_bias_momentum", pair(-5));
        try (TensorFlowCheckpoint checkpoint = open()) {
            Exception e = assertThrows(SquisherException.class, checkpoint::optimizer);
            assertTrue(
                    e.getMessage().contains("it is of Muon, which keeps no squares of gradients for matrices"),
                    e.getMessage());
        }
    }

    @Test
    void sumsOfGradientsAreNoSquares() throws IOException {
        model();
        put("optimizer/_variables/2", "SGD/first_bias_gradient_accumulator", pair(-7));
        put("optimizer/_variables/3", "SGD/second_bias_gradient_accumulator", pair(-5));
        try (TensorFlowCheckpoint checkpoint = open()) {
            Exception e = assertThrows(SquisherException.class, checkpoint::optimizer);
            assertTrue(e.getMessage().contains("it is of SGD, which keeps no squares of gradients"), e.getMessage());
        }
    }

    @Test
    void anOptimizerOfAnotherNameIsGuessedAndSaidToBe() throws IOException {
        keyed("mine");
        OptimizerState state = state();
        assertEquals("Adam", state.facts().getOptimizer());
        assertTrue(
                state.notes()
                        .get(0)
                        .startsWith("the file does not name its optimizer; it is taken for Adam by its slot"),
                state.notes().toString());
    }
}
