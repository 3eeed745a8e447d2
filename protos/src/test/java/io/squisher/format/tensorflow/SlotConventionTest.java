package io.squisher.format.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names of slots say where squares are; what they are stands in the table of all frameworks. */
class SlotConventionTest {
    private static SlotConvention of(String suffix) {
        return SlotConvention.ALL.stream()
                .filter(convention -> convention.suffix().equals(suffix))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyConventionIsOfAUsableFamily() {
        SlotConvention.ALL.forEach(convention -> assertTrue(convention.family().isUsable(), convention.optimizer()));
    }

    @Test
    void averagesStartFromTensorFlowsOwnValuesAndSumsFromWhatAProgramSays() {
        for (String suffix : List.of("-v", "-accum", "/Adam_1", "/adam_v", "/Adadelta")) {
            assertEquals(Optional.of(0.0), of(suffix).initial(), suffix);
        }
        for (String suffix : List.of("-rms", "/RMSProp")) {
            assertEquals(Optional.of(1.0), of(suffix).initial(), suffix);
        }
        for (String suffix : List.of("-accumulator", "/Adagrad", "/AdagradDA_1", "/ProximalAdagrad", "/Ftrl")) {
            assertEquals(Optional.empty(), of(suffix).initial(), suffix);
        }
    }
}
