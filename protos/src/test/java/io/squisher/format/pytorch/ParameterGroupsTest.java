package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.checkpoint.OptimizerState;
import io.squisher.format.pickle.PickleSequence;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Adam with a group for the body and one for the head. */
class ParameterGroupsTest {
    private static final Path FILE = Path.of("src/test/resources/pytorch/field/apexfused.pt");

    private static OptimizerState read(double headDecay, long headStep) {
        try (TorchCheckpoint checkpoint = TorchCheckpoint.open(FILE)) {
            Tensor squares = checkpoint.optimizer().slots().get(0).accumulator().orElseThrow();
            Map<Object, Object> state = new LinkedHashMap<>();
            state.put(0L, Map.of("step", 5L, "exp_avg", squares, "exp_avg_sq", squares));
            state.put(1L, Map.of("step", headStep, "exp_avg", squares, "exp_avg_sq", squares));
            Map<Object, Object> optimizer = Map.of(
                    "state", state, "param_groups", new PickleSequence(List.of(group(0, 0.999), group(1, headDecay))));
            return new TorchOptimizer(FILE, optimizer).read();
        }
    }

    private static Map<Object, Object> group(long parameter, double decay) {
        return Map.of(
                "params",
                new PickleSequence(List.of(parameter)),
                "betas",
                new PickleSequence(List.of(0.9, decay)),
                "lr",
                0.1,
                "eps",
                1e-8,
                "weight_decay",
                0.0,
                "amsgrad",
                false);
    }

    @Test
    void eachParameterKeepsTheDecayOfItsGroupAndItsOwnStep() {
        OptimizerState state = read(0.9, 7);
        assertEquals(0.999, state.factsOf(state.slots().get(0)).getDecay());
        assertEquals(0.9, state.factsOf(state.slots().get(1)).getDecay());
        assertEquals(5, state.factsOf(state.slots().get(0)).getStep());
        assertEquals(7, state.factsOf(state.slots().get(1)).getStep());
    }

    @Test
    void equalGroupsStayOne() {
        assertTrue(read(0.999, 5).own().isEmpty());
        assertEquals(0.999, read(0.999, 5).facts().getDecay());
    }
}
