package io.squisher.format.keras;

import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.proto.Accumulator;
import java.util.ArrayList;
import java.util.List;
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
record KerasOptimizerKind(String name, String slot, int position, int slots, String decaySetting) {
    /**
     * The optimizer of a class.
     *
     * @param className its class, or the name that Keras makes of it: {@code adam_w_1}
     * @param settings its configuration; may be empty
     * @return empty for those without squared gradients
     */
    public static Optional<KerasOptimizerKind> of(String className, JsonObject settings) {
        return switch (plain(className)) {
            case "adam" -> Optional.of(new KerasOptimizerKind("Adam", "velocity", 1, 2, "beta_2"));
            case "adamw" -> Optional.of(new KerasOptimizerKind("AdamW", "velocity", 1, 2, "beta_2"));
            case "nadam" -> Optional.of(new KerasOptimizerKind("Nadam", "velocity", 1, 2, "beta_2"));
            case "lamb" -> Optional.of(new KerasOptimizerKind("Lamb", "velocity", 1, 2, "beta_2"));
            case "rmsprop" -> {
                int momentum = number(settings, "momentum").orElse(0.0) > 0 ? 1 : 0;
                int centered = flag(settings, "centered") ? 1 : 0;
                yield Optional.of(new KerasOptimizerKind("RMSprop", "velocity", 0, 1 + momentum + centered, "rho"));
            }
            case "adagrad" -> Optional.of(new KerasOptimizerKind("Adagrad", "accumulator", 0, 1, ""));
            case "adadelta" -> Optional.of(new KerasOptimizerKind("Adadelta", "accumulated_grad", 0, 2, "rho"));
            case "ftrl" -> Optional.of(new KerasOptimizerKind("Ftrl", "accumulator", 0, 2, ""));
            default -> Optional.empty();
        };
    }

    private static String plain(String className) {
        return className.toLowerCase(Locale.ROOT).replaceFirst("_\\d+$", "").replace("_", "");
    }

    /** Class and settings of an optimizer that a program gave by its name, {@code compile("adam")}: the defaults, which no version changed. */
    static JsonObject byDefault(String name) {
        JsonObject config = new JsonObject();
        switch (plain(name)) {
            case "adam", "adamw", "nadam", "lamb" -> config.addProperty("beta_2", 0.999);
            case "rmsprop" -> config.addProperty("rho", 0.9);
            case "adadelta" -> config.addProperty("rho", 0.95);
            case "adagrad", "ftrl" -> config.addProperty("initial_accumulator_value", 0.1);
            default -> {
                // Without an average of squares, or not Keras's own.
            }
        }
        JsonObject optimizer = new JsonObject();
        optimizer.addProperty("class_name", name);
        optimizer.add("config", config);
        return optimizer;
    }

    /** Whether an optimizer only scales the loss for another, which keeps the state. */
    static boolean isLossScale(String className) {
        return plain(className).equals("lossscaleoptimizer");
    }

    /** Why an optimizer that has no kind cannot be converted. */
    static String whyNot(String className) {
        String advice = "; train with Adam, or compute the Fisher with 'squisher fisher'";
        if (className.isEmpty()) {
            return "it does not say which optimizer it is of; give the .keras file, which does";
        }
        return OptimizerFamily.of(className)
                .filter(family -> !family.isUsable())
                .map(OptimizerFamily::refusal)
                .orElse("its optimizer '" + className
                        + "' is none of those whose averages of squared gradients are known" + advice);
    }

    /** What the settings say of the accumulators; the steps stand elsewhere. */
    Accumulator.Builder facts(JsonObject settings) {
        Accumulator.Builder facts = Accumulator.newBuilder().setOptimizer(name).setSlot(slot);
        decay(settings).ifPresent(facts::setDecay);
        number(settings, "initial_accumulator_value").ifPresent(facts::setInitialValue);
        return facts;
    }

    /**
     * Steps of an optimizer, which counts batches where it sums the gradients of several for each.
     *
     * @param counted what the file says
     */
    static long steps(long counted, JsonObject settings) {
        return counted
                / Math.max(
                        1,
                        number(settings, "gradient_accumulation_steps")
                                .orElse(1.0)
                                .longValue());
    }

    /** What a user should know. */
    List<String> notes(JsonObject settings) {
        List<String> notes = new ArrayList<>();
        if (decay(settings).isEmpty() && !decaySetting.isEmpty()) {
            notes.add("the file does not say the decay of the average; give it with --decay");
        }
        if (flag(settings, "amsgrad")) {
            notes.add("AMSGrad: the moving average is taken, not its maximum");
        }
        return notes;
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
