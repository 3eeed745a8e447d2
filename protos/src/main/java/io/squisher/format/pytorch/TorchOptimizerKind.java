package io.squisher.format.pytorch;

import io.squisher.format.pickle.PickleSequence;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An optimizer, known by what it keeps for a parameter and by the settings of its groups; the class is not in the file.
 *
 * @param optimizer name for the provenance
 * @param slot the squared gradients
 * @param decaySetting where the decay of the average is among the settings; empty for a running sum
 * @param addsDecayToGradient whether weight decay may be part of the gradient that is squared
 */
record TorchOptimizerKind(String optimizer, String slot, String decaySetting, boolean addsDecayToGradient) {
    private static final String ADAM_SLOT = "exp_avg_sq";
    private static final String ADAFACTOR_SLOT = "exp_avg_sq_row";

    static Optional<TorchOptimizerKind> of(Set<String> keys, Map<?, ?> group) {
        if (keys.contains(ADAFACTOR_SLOT)) {
            // It keeps Adam's slot for vectors.
            return Optional.empty();
        }
        if (keys.contains(ADAM_SLOT)) {
            return Optional.of(adamFamily(keys, group));
        }
        if (keys.contains("square_avg")) {
            boolean adadelta = keys.contains("acc_delta");
            return Optional.of(new TorchOptimizerKind(
                    adadelta ? "Adadelta" : "RMSprop", "square_avg", adadelta ? "rho" : "alpha", true));
        }
        if (keys.contains("sum") && (group.containsKey("lr_decay") || group.containsKey("initial_accumulator_value"))) {
            return Optional.of(new TorchOptimizerKind("Adagrad", "sum", "", true));
        }
        return Optional.empty();
    }

    private static TorchOptimizerKind adamFamily(Set<String> keys, Map<?, ?> group) {
        if (keys.contains("mu_product") || group.containsKey("momentum_decay")) {
            return new TorchOptimizerKind("NAdam", ADAM_SLOT, "betas", true);
        }
        if (group.containsKey("decoupled_weight_decay") && !group.containsKey("amsgrad")) {
            return new TorchOptimizerKind(
                    "RAdam", ADAM_SLOT, "betas", !Boolean.TRUE.equals(group.get("decoupled_weight_decay")));
        }
        if (Boolean.TRUE.equals(group.get("decoupled_weight_decay"))) {
            return new TorchOptimizerKind("AdamW", ADAM_SLOT, "betas", false);
        }
        if (group.containsKey("amsgrad")) {
            // Adam and AdamW keep the same state under the same settings.
            return new TorchOptimizerKind("Adam", ADAM_SLOT, "betas", true);
        }
        return new TorchOptimizerKind("Adam-like", ADAM_SLOT, "betas", true);
    }

    /** Why an optimizer with these keys cannot be converted. */
    static String whyNot(Set<String> keys, Map<?, ?> group) {
        if (keys.contains("exp_inf")) {
            return "it is of Adamax, whose 'exp_inf' is a maximum of gradients, not an average of their squares";
        }
        if (keys.contains(ADAFACTOR_SLOT) || keys.contains("row_var")) {
            return "it is of Adafactor, which keeps only sums over rows and columns of the squared gradients";
        }
        if (keys.contains("state2") || keys.contains("qmap2")) {
            return "it is of an 8-bit optimizer, whose accumulators are quantized in blocks; save it from a 32-bit one";
        }
        if (group.containsKey("ns_steps")) {
            return "it is of Muon, which keeps no squares of gradients";
        }
        if (keys.contains("momentum_buffer") || keys.isEmpty()) {
            return "it is of SGD, which keeps no squares of gradients; train with Adam, or compute the Fisher with"
                    + " 'squisher fisher'";
        }
        return "its optimizer keeps " + String.join(", ", keys)
                + ", none of which is an accumulator of squared gradients";
    }

    /** The decay of the average in a group's settings. */
    Optional<Double> decay(Map<?, ?> group) {
        Object setting = group.get(decaySetting);
        if (setting instanceof PickleSequence betas && betas.items().size() >= 2) {
            setting = betas.items().get(1);
        }
        return setting instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    /** The value that a running sum started from. */
    Optional<Double> initialValue(Map<?, ?> group) {
        return group.get("initial_accumulator_value") instanceof Number number
                ? Optional.of(number.doubleValue())
                : Optional.empty();
    }
}
