package io.squisher.format.keras;

import com.google.gson.JsonObject;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.format.hdf5.Hdf5File;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Optimizer variables with names: {@code Adam/dense/kernel/v:0} (Keras up to 2.10, perhaps after {@code training/}) or
 * {@code Adam/v/dense/kernel:0} (2.11 to 2.15).
 */
final class LegacyKerasOptimizer {
    static final String GROUP = "optimizer_weights";

    private static final String SLOT = "(v|rms|accumulator|accum_grad|velocity)";
    private static final Pattern SLOT_LAST = Pattern.compile("(?:training/)?[^/]+/(.+)/" + SLOT);
    private static final Pattern SLOT_FIRST = Pattern.compile("(?:training/)?[^/]+/" + SLOT + "/(.+)");
    private static final Pattern STEP = Pattern.compile("(.*/)?iter(ations?)?");

    private final Hdf5File file;
    private final KerasOptimizerKind kind;
    private final JsonObject settings;

    LegacyKerasOptimizer(KerasFile file, KerasOptimizerKind kind, JsonObject settings) {
        this.file = file.weights();
        this.kind = kind;
        this.settings = settings;
    }

    /** Names of the optimizer's variables in order. */
    static List<String> names(Hdf5File file) {
        return KerasNames.list(file, GROUP, "weight_names");
    }

    /** The accumulators by name; empty if the names do not say which they are. */
    Optional<OptimizerState> named() {
        Accumulator.Builder facts =
                Accumulator.newBuilder().setOptimizer(kind.name()).setSlot(kind.slot());
        kind.decay(settings).ifPresent(facts::setDecay);
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
                facts.setStep(tensor.toLongs()[0]).setStepSource("iterations");
            } else if (first.matches()) {
                slots.add(Slot.named(first.group(2), tensor));
            } else if (last.matches()) {
                slots.add(Slot.named(last.group(1), tensor));
            }
        }
        return slots.isEmpty() ? Optional.empty() : Optional.of(new OptimizerState(facts.build(), slots, List.of()));
    }
}
