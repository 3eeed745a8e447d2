package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Optimizers by what they keep; those that PyTorch itself has are tested on its files. */
class TorchOptimizerKindTest {
    /** Vectors have what Adam keeps, matrices do not: converting the vectors alone would look like a model half frozen. */
    @Test
    void adafactorIsNotAdam() {
        Set<String> keys = Set.of("step", "exp_avg_sq", "exp_avg_sq_row", "exp_avg_sq_col", "RMS");
        assertEquals(Optional.empty(), TorchOptimizerKind.of(keys, Map.of("decay_rate", -0.8)));
        assertTrue(TorchOptimizerKind.whyNot(keys, Map.of())
                .startsWith("it is of Adafactor, which keeps only sums over rows"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exp_avg,exp_inf,step | it is of Adamax",
                "state1,state2,qmap1,qmap2,absmax1,absmax2,step | it is of an 8-bit optimizer",
                "momentum_buffer | it is of SGD",
                "col_var,row_var,step,variance | it is of Adafactor",
                "exp_avg | its optimizer keeps exp_avg, none of which is an accumulator of squared gradients"
            })
    void whatKeepsNoSquaresSaysWhy(String keys, String reason) {
        Set<String> kept = Set.of(keys.split(","));
        assertEquals(Optional.empty(), TorchOptimizerKind.of(kept, Map.of()));
        String message = TorchOptimizerKind.whyNot(kept, Map.of());
        assertTrue(message.startsWith(reason), message);
    }

    /** PyTorch 2.13's Muon keeps what SGD keeps. */
    @Test
    void muonIsToldFromSgdByItsSettings() {
        assertEquals(
                "it is of Muon, which keeps no squares of gradients",
                TorchOptimizerKind.whyNot(Set.of("momentum_buffer"), Map.of("ns_steps", 5, "nesterov", true)));
    }

    /** RAdam has the setting of decoupled decay too, but no AMSGrad. */
    @Test
    void radamIsToldFromAdamW() {
        Set<String> kept = Set.of("exp_avg", "exp_avg_sq", "step");
        assertEquals(
                "RAdam",
                TorchOptimizerKind.of(kept, Map.of("decoupled_weight_decay", true))
                        .orElseThrow()
                        .optimizer());
        assertEquals(
                "AdamW",
                TorchOptimizerKind.of(kept, Map.of("decoupled_weight_decay", true, "amsgrad", false))
                        .orElseThrow()
                        .optimizer());
    }
}
