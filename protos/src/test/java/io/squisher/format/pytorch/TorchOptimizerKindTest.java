package io.squisher.format.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Optimizers by what they keep; those that PyTorch itself has are tested on its files. */
class TorchOptimizerKindTest {
    /** Vectors have what Adam keeps, matrices do not: converting the vectors alone would look like a model half frozen. */
    @Test
    void adafactorThatChoosesItsAxesIsRefused() {
        Set<String> keys = Set.of("step", "exp_avg_sq", "exp_avg_sq_row", "exp_avg_sq_col", "RMS");
        assertEquals(Optional.empty(), TorchOptimizerKind.of(keys, Map.of("min_dim_size_to_factor", 16)));
        assertTrue(TorchOptimizerKind.whyNot(keys, Map.of())
                .startsWith("it is of Adafactor, which keeps only sums over rows"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exp_avg,exp_inf,step | it is of Adamax",
                "state1,qmap1,absmax1,step | it is of an 8-bit optimizer",
                "state1,state2,qmap1,qmap2,max1,max2,new_max1,new_max2,step | it is of an 8-bit optimizer",
                "momentum_buffer | it is of SGD",
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
                "it is of Muon, which keeps no squares of gradients for matrices; train with Adam, or compute the Fisher"
                        + " with 'squisher fisher'",
                TorchOptimizerKind.whyNot(Set.of("momentum_buffer"), Map.of("ns_steps", 5, "nesterov", true)));
    }

    /** Optimizers that are derived from Adam keep its names: what is theirs alone tells them, in the state or in the settings. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Q,GG | | SOAP",
                " | shampoo_beta | SOAP",
                "exp_avg_diff,neg_pre_grad | no_prox | Adan",
                " | d_coef | Prodigy",
                "s,p0 | | Prodigy",
                "s | d0 | D-Adaptation",
                "last_grad | | MARS",
                " | mars_type | MARS",
                "projector | | GaLore",
                "momentum_buffer | use_muon | Muon",
                "exp_avg_sq_r,exp_avg_sq_c | | Adafactor",
                "exp_avg_res_row,exp_avg_sq_row | | CAME",
                " | initial_accumulator | Yogi",
                "exp_avg_var | | AdaBelief",
                "hessian | | Sophia",
                " | init_zero | NovoGrad",
                "exp_hessian_diag_sq | | AdaHessian"
            })
    void relativesOfAdamAreNotTakenForIt(String keys, String settings, String name) {
        Set<String> kept = new TreeSet<>(List.of("step", "exp_avg", "exp_avg_sq"));
        kept.addAll(keys == null ? List.of() : List.of(keys.split(",")));
        Map<String, Object> group = new HashMap<>(Map.of("weight_decay", 0.1, "amsgrad", false));
        if (settings != null) {
            group.put(settings, 1.0);
        }
        assertEquals(Optional.empty(), TorchOptimizerKind.of(kept, group));
        String message = TorchOptimizerKind.whyNot(kept, group);
        assertTrue(message.startsWith("it is of " + name + ", "), message);
    }

    @Test
    void whatNobodyKnowsBesideSquaresIsRefusedByName() {
        Set<String> kept = Set.of("step", "exp_avg", "exp_avg_sq", "wobble", "zeal");
        assertEquals(Optional.empty(), TorchOptimizerKind.of(kept, Map.of()));
        String message = TorchOptimizerKind.whyNot(kept, Map.of());
        assertTrue(message.startsWith("its optimizer keeps wobble, zeal beside 'exp_avg_sq'"), message);
        message = TorchOptimizerKind.whyNot(Set.of("square_avg", "wobble"), Map.of());
        assertTrue(message.startsWith("its optimizer keeps wobble beside 'square_avg'"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "betas | of Adam's family",
                "alpha | of RMSprop",
                "rho | of Adadelta",
                "lr_decay | of Adagrad",
                "lr | it holds no optimizer state: it was saved before the model was trained; save it",
                "momentum | it is of SGD"
            })
    void anEmptyStateIsToldByTheSettings(String setting, String words) {
        String message = TorchOptimizerKind.whyNot(Set.of(), Map.of(setting, 0.9));
        assertTrue(message.contains(words), message);
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
