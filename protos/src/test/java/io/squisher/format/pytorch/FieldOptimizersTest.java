package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

    @Test
    void quantizedStatesAreRefused() {
        assertTrue(refused("bnb8").contains("8-bit optimizer"), refused("bnb8"));
    }

    @Test
    void adamBeforeItsFirstStepIsNotSgd() {
        assertEquals(
                "cannot convert '" + FILES.resolve("empty_adam.pt")
                        + "': it holds no optimizer state: it was saved before the model was trained (the settings are of"
                        + " Adam's family); save it after some steps",
                refused("empty_adam"));
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
