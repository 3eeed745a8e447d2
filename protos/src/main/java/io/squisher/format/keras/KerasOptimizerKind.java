package io.squisher.format.keras;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * What an optimizer of Keras keeps for each variable.
 *
 * @param name for the provenance
 * @param slot the squared gradients' name
 * @param position which of a variable's slots they are
 * @param slots how many a variable has
 * @param decaySetting the decay of the average among the settings; empty for a running sum
 */
public record KerasOptimizerKind(String name, String slot, int position, int slots, String decaySetting) {
    /**
     * The optimizer of a class.
     *
     * @param settings its configuration; may be empty
     * @return empty for those without squared gradients
     */
    public static Optional<KerasOptimizerKind> of(String className, JsonObject settings) {
        return switch (className.toLowerCase(Locale.ROOT)) {
            case "adam" -> Optional.of(new KerasOptimizerKind("Adam", "velocity", 1, 2, "beta_2"));
            case "adamw" -> Optional.of(new KerasOptimizerKind("AdamW", "velocity", 1, 2, "beta_2"));
            case "nadam" -> Optional.of(new KerasOptimizerKind("Nadam", "velocity", 1, 2, "beta_2"));
            case "rmsprop" -> {
                int momentum = number(settings, "momentum").orElse(0.0) > 0 ? 1 : 0;
                int centered = flag(settings, "centered") ? 1 : 0;
                yield Optional.of(new KerasOptimizerKind("RMSprop", "velocity", 0, 1 + momentum + centered, "rho"));
            }
            case "adagrad" -> Optional.of(new KerasOptimizerKind("Adagrad", "accumulator", 0, 1, ""));
            case "adadelta" -> Optional.of(new KerasOptimizerKind("Adadelta", "accumulated_grad", 0, 2, "rho"));
            default -> Optional.empty();
        };
    }

    /** The decay, if the settings have it; Keras's own default otherwise. */
    Optional<Double> decay(JsonObject settings) {
        if (decaySetting.isEmpty()) {
            return Optional.empty();
        }
        return number(settings, decaySetting);
    }

    static Optional<Double> number(JsonObject settings, String key) {
        JsonElement value = settings.get(key);
        boolean number = value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isNumber();
        return number ? Optional.of(value.getAsDouble()) : Optional.empty();
    }

    static boolean flag(JsonObject settings, String key) {
        JsonElement value = settings.get(key);
        return value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isBoolean()
                && value.getAsBoolean();
    }
}
