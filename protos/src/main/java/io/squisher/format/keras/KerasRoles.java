package io.squisher.format.keras;

import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Keras calls the numbered variables of its usual layers. */
final class KerasRoles {
    private static final String SPECTRAL = "spectral_normalization(_\\d+)?";

    private static final Map<String, List<String>> ROLES = Map.of(
            "(dense|conv\\d?d|conv\\dd_transpose|.*_dense|depthwise_conv\\dd|output|query|key|value)(_\\d+)?",
            List.of("kernel", "bias"),
            "(.*_)?cell(_\\d+)?",
            List.of("kernel", "recurrent_kernel", "bias"),
            "separable_conv\\dd(_\\d+)?",
            List.of("depthwise_kernel", "pointwise_kernel", "bias"),
            "embedding(_\\d+)?",
            List.of("embeddings"),
            SPECTRAL,
            List.of("vector_u"),
            "p_re_lu(_\\d+)?",
            List.of("alpha"),
            "normalization(_\\d+)?",
            List.of("mean", "variance", "count"));

    private KerasRoles() {}

    /**
     * Names for the variables of a group.
     *
     * @param kind the layer's class in snake case, perhaps numbered
     * @param settings of the layer, where known
     * @return {@code count} names; numbers for layers that are not known
     */
    static List<String> of(String kind, int count, Optional<JsonObject> settings) {
        if (kind.matches(SPECTRAL) && count == 2) {
            // Keras 3 stores the kernel of the layer inside here too.
            return List.of("kernel", "vector_u");
        }
        List<String> known = kind.matches("(batch|layer|group)_normalization(_\\d+)?")
                ? normalization(kind, count, settings)
                : ROLES.entrySet().stream()
                        .filter(entry -> kind.matches(entry.getKey()))
                        .findFirst()
                        .map(Map.Entry::getValue)
                        .orElse(List.of());
        // A layer without bias lacks the last; Keras 3 counts no examples for a Normalization.
        boolean optional = known.contains("bias") || known.contains("count");
        boolean fits = count == known.size() || optional && count == known.size() - 1;
        List<String> roles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            roles.add(fits ? known.get(i) : Integer.toString(i));
        }
        return roles;
    }

    private static List<String> normalization(String kind, int count, Optional<JsonObject> settings) {
        List<String> roles = new ArrayList<>();
        List<String> statistics =
                kind.startsWith("batch") ? List.of("moving_mean", "moving_variance") : List.<String>of();
        if (settings.isEmpty() && count == 1 + statistics.size()) {
            // It may be either.
            roles.add("0");
        } else {
            if (settings.isEmpty() ? count > statistics.size() : !isOff(settings.get(), "scale")) {
                roles.add("gamma");
            }
            if (settings.isEmpty() ? count > statistics.size() : !isOff(settings.get(), "center")) {
                roles.add("beta");
            }
        }
        roles.addAll(statistics);
        return roles;
    }

    private static boolean isOff(JsonObject settings, String key) {
        JsonElement value = settings.get(key);
        return value != null && value.isJsonPrimitive() && !value.getAsBoolean();
    }

    /** Whether a variable is measured, not trained. */
    static boolean isStatistic(String kind, String role) {
        return role.equals("moving_mean")
                || role.equals("moving_variance")
                || kind.matches(SPECTRAL)
                || kind.matches("normalization(_\\d+)?")
                || isRandomState(kind);
    }

    /** Whether a group is what a metric or the mean of the loss counts; a model has its layers elsewhere. */
    static boolean isMetric(String group) {
        return group.matches("_?(compile_)?(metrics|loss)(/.*)?|[^/]*_?(loss_tracker|metric)s?");
    }

    /** Whether a group is the generator of random numbers of a layer, as of dropout. */
    static boolean isRandomState(String group) {
        return last(group).matches("_?seed_generator(_\\d+)?");
    }

    static String last(String group) {
        return group.substring(group.lastIndexOf('/') + 1);
    }
}
