package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.checkpoint.Naming;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Pairing;
import io.squisher.checkpoint.Parameters;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States of optimizers of other libraries than PyTorch, as those write them. */
class FieldOptimizersTest {
    private static final Path FILES = Path.of("src/test/resources/pytorch/field");

    @ParameterizedTest
    @CsvSource({"soap, SOAP", "adan, Adan", "prodigy, Prodigy", "mars, MARS"})
    void squaresOfAnotherMeaningAreRefused(String file, String name) {
        assertTrue(refused(file).contains("it is of " + name + ", whose 'exp_avg_sq' "), refused(file));
    }

    @ParameterizedTest
    @CsvSource({
        "apexfused, Adam-like, exp_avg_sq",
        "lamb, Lamb, exp_avg_sq",
        "schedulefree, AdamWScheduleFree, exp_avg_sq",
        "bnb32, Adam-like, state2"
    })
    void stepsAreReadWhereverTheyStand(String file, String optimizer, String slot) {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve(file + ".pt"))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals(5, state.facts().getStep());
            assertEquals(0.999, state.facts().getDecay());
            assertEquals(optimizer, state.facts().getOptimizer());
            assertEquals(slot, state.facts().getSlot());
            assertEquals(4, state.slots().size());
        }
    }

    /** Three blocks of 2048, the last one short; in the other the numbers of blocks and elements do not fit. */
    @Test
    void eachBlockHasItsOwnLargestValue() {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve("bnb8_blocks.pt"))) {
            OptimizerState state = checkpoint.optimizer();
            double[] values = state.slots().get(0).accumulator().orElseThrow().toDoubles();
            assertEquals(5000, values.length);
            // Codes count through the map k/255; the largest values are 1, 2 and 4.
            for (int i : new int[] {0, 255, 256, 2047, 2048, 4095, 4096, 4999}) {
                double largest = i < 2048 ? 1 : i < 4096 ? 2 : 4;
                assertEquals(largest * (i % 256) / 255, values[i], 1e-6, "element " + i);
            }
            // Small tensors stay in float32.
            assertArrayEquals(
                    new double[] {1, 2, 3},
                    state.slots().get(1).accumulator().orElseThrow().toDoubles());
            assertEquals(
                    List.of(
                            "8-bit blocks are dequantized, code times the block's largest value, as the optimizer does: each step"
                                    + " rounded a value by at most 0.0020 of the largest in its block, and small ones to 0"),
                    state.notes());
        }
        assertTrue(
                refused("bnb8_wrong").contains("parameter 0: 5000 elements in 7 blocks: no block size of bitsandbytes"),
                refused("bnb8_wrong"));
    }

    /** R = (2, 4), C = (1, 3): mean of R is 3, so that V = (2/3, 2; 4/3, 4). The vector keeps its own squares. */
    @ParameterizedTest
    @CsvSource({"adafactor_torch, row_var", "adafactor_hf, exp_avg_sq_row"})
    void adafactorsMatricesAreFactored(String file, String slot) {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve(file + ".pt"))) {
            OptimizerState state = checkpoint.optimizer();
            assertEquals("Adafactor", state.facts().getOptimizer());
            assertEquals(slot, state.facts().getSlot());
            assertTrue(state.facts().getBiasCorrected());
            assertEquals(7, state.facts().getStep());
            assertArrayEquals(
                    new double[] {2 / 3., 2, 4 / 3., 4},
                    state.slots().get(0).accumulator().orElseThrow().toDoubles(),
                    1e-6);
            assertArrayEquals(
                    new double[] {5, 6},
                    state.slots().get(1).accumulator().orElseThrow().toDoubles());
            // Two matrices of one parameter, each with its own mean: the second is all zero.
            assertArrayEquals(
                    new double[] {2 / 3., 2, 4 / 3., 4, 0, 0, 0, 0},
                    state.slots().get(2).accumulator().orElseThrow().toDoubles(),
                    1e-6);
            assertTrue(state.factsOf(state.slots().get(0)).getFactored());
            assertFalse(state.factsOf(state.slots().get(1)).getFactored());
            assertTrue(state.notes().stream().anyMatch(note -> note.startsWith("FACTORED: 2 matrices")));
        }
        assertTrue(
                refused("adafactor_wrong").contains("parameter 0: averages over rows [3, 2, 1] and over columns"),
                refused("adafactor_wrong"));
    }

    @Test
    void adamBeforeItsFirstStepIsNotSgd() {
        assertEquals(
                "cannot convert '" + FILES.resolve("empty_adam.pt")
                        + "': it holds no optimizer state: it was saved before the model was trained (the settings are of"
                        + " Adam's family); save it after some steps",
                refused("empty_adam"));
    }

    /** Stable-Baselines3: files of PyTorch in one archive. */
    @Test
    void anArchiveOfFilesIsRead() {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve("baselines.zip"))) {
            Optional<Parameters> model = checkpoint.weights().map(Parameters::of);
            List<Pairing> pairings = Naming.of(checkpoint.optimizer(), model, false);
            assertEquals(
                    List.of("0.weight", "0.bias", "1.weight", "1.bias"),
                    pairings.stream().map(Pairing::parameter).toList());
            // The gradient of the last bias is 1: (1 - 0.999) * 1.
            assertArrayEquals(
                    new double[] {0.001, 0.001},
                    pairings.get(3).slot().accumulator().orElseThrow().toDoubles(),
                    1e-9);
        }
    }

    /** Two groups, a causal mask in each block, a tied head: what names.txt would say follows from the file. */
    @Test
    void buffersBetweenParametersAreLeftOut() {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve("nanogpt.pt"));
                TorchCheckpoint truth = TorchCheckpoint.open(FILES.resolve("nanogpt_truth.pt"));
                WeightSource expected = truth.weights().orElseThrow()) {
            Optional<Parameters> model = checkpoint.weights().map(Parameters::of);
            List<Pairing> pairings = Naming.of(checkpoint.optimizer(), model, false);
            assertEquals(expected.names().size(), pairings.size());
            for (Pairing pairing : pairings) {
                String name = pairing.parameter().replace("_orig_mod.", "");
                assertArrayEquals(
                        expected.tensor(name).toDoubles(),
                        pairing.slot().accumulator().orElseThrow().toDoubles(),
                        name);
            }
        }
    }

    private static String refused(String file) {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILES.resolve(file + ".pt"))) {
            return assertThrows(SquisherException.class, checkpoint::optimizer).getMessage();
        }
    }
}
