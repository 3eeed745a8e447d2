package io.squisher.format.keras;

import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.internal.gson.JsonObject;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Optimizer variables with names: {@code Adam/dense/kernel/v:0} (Keras up to 2.10, perhaps after {@code training/}),
 * {@code Adam/v/dense/kernel:0} (2.11 to 2.15) or {@code adam/dense_kernel_velocity} (3).
 */
final class LegacyKerasOptimizer {
    static final String GROUP = "optimizer_weights";

    private static final String SLOT = "(v|rms|accumulator|accum_grad|velocity)";
    private static final Pattern SLOT_LAST = Pattern.compile("(?:training/)?[^/]+/(.+)/" + SLOT);
    private static final Pattern SLOT_FIRST = Pattern.compile("(?:training/)?[^/]+/" + SLOT + "/(.+)");
    private static final Pattern STEP = Pattern.compile("(.*/)?iter(ations?)?");

    private final KerasStore file;
    private final KerasOptimizerKind kind;
    private final JsonObject settings;

    LegacyKerasOptimizer(KerasFile file, KerasOptimizerKind kind, JsonObject settings) {
        this.file = file.weights();
        this.kind = kind;
        this.settings = settings;
    }

    /** Names of the optimizer's variables in order. */
    static List<String> names(KerasStore file) {
        return KerasNames.list(file, GROUP, "weight_names");
    }

    /** The accumulators by name; empty if the names do not say which they are. */
    Optional<OptimizerState> named(KerasWeights weights) {
        Accumulator.Builder facts = kind.facts(settings);
        List<Slot> slots = new ArrayList<>();
        for (String variable : names(file)) {
            Tensor tensor = file.tensors().get(GROUP + "/" + variable);
            String name = KerasNames.withoutOutput(variable);
            if (tensor == null) {
                continue;
            }
            Matcher last = SLOT_LAST.matcher(name);
            Matcher first = SLOT_FIRST.matcher(name);
            if (STEP.matcher(name).matches() && tensor.size() == 1) {
                facts.setStep(KerasOptimizerKind.steps(tensor.toLongs()[0], settings))
                        .setStepSource("iterations");
            } else if (first.matches()) {
                slots.add(Slot.named(weights.named(first.group(2)), tensor));
            } else if (last.matches()) {
                slots.add(Slot.named(weights.named(last.group(1)), tensor));
            } else if (name.endsWith("_" + kind.slot())) {
                String stem = name.substring(
                        name.lastIndexOf('/') + 1, name.length() - kind.slot().length() - 1);
                Optional<String> weight = written(stem, tensor, weights);
                if (weight.isPresent()) {
                    slots.add(Slot.named(weight.get(), tensor));
                } else if (!stem.endsWith("_gradient")) {
                    return Optional.empty();
                }
            }
        }
        return slots.isEmpty()
                ? Optional.empty()
                : Optional.of(new OptimizerState(facts.build(), slots, kind.notes(settings)));
    }

    /** The one weight that is so written with underscores for slashes, as Keras 3 does. */
    private static Optional<String> written(String underscored, Tensor slot, KerasWeights weights) {
        List<String> meant = weights.stored().stream()
                .filter(name -> name.replace('/', '_').equals(underscored))
                .map(weights::named)
                .filter(name -> weights.tensor(name).shape().equals(slot.shape()))
                .toList();
        return meant.size() == 1 ? Optional.of(meant.get(0)) : Optional.empty();
    }
}
