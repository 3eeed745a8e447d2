package io.squisher.format.pytorch;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.format.pickle.PickleObject;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads {@code optimizer.state_dict()}: {@code {state: {index or name: {...}}, param_groups: [{params: [...], ...}]}}. Indices
 * count through the groups in order; parameters that never had a gradient have no state.
 */
final class TorchOptimizer {
    private final Path path;
    private final Map<?, ?> state;
    private final List<Map<?, ?>> groups = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> factored = new HashSet<>();
    private double rounding;

    TorchOptimizer(Path path, Map<?, ?> optimizer) {
        this.path = path;
        this.state = (Map<?, ?>) optimizer.get("state");
        for (Object group : TorchConstructors.listOf(optimizer.get("param_groups"))) {
            refuseObject(group, "a parameter group");
            if (group instanceof Map<?, ?> map) {
                refuseObject(map.get("params"), "the list of a group's parameters");
                groups.add(map);
            }
        }
    }

    /** A value that is needed, and stands behind a name of the training program's. */
    private void refuseObject(Object value, String what) {
        if (value instanceof PickleObject object) {
            throw refused(what + " is " + object
                    + ", which cannot be read; save plain numbers and tensors of PyTorch's own classes");
        }
    }

    OptimizerState read() {
        TorchOptimizerKind kind = kind();
        List<Slot> slots = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            Map<?, ?> group = groups.get(g);
            List<Object> keys = TorchConstructors.listOf(group.get("params"));
            List<Object> names = TorchConstructors.listOf(group.get("param_names"));
            for (int i = 0; i < keys.size(); i++) {
                Object key = keys.get(i);
                Optional<String> name = key instanceof String own
                        ? Optional.of(own)
                        : i < names.size() && names.get(i) instanceof String text
                                ? Optional.of(text)
                                : Optional.empty();
                slots.add(new Slot(
                        String.valueOf(key),
                        g,
                        number(group, "weight_decay") > 0,
                        name,
                        accumulator(kind, key, group)));
            }
        }
        if (slots.stream().noneMatch(slot -> slot.accumulator().isPresent())) {
            throw refused("its optimizer state is empty: was it saved before the first step?");
        }
        long without =
                slots.stream().filter(slot -> slot.accumulator().isEmpty()).count();
        if (without > 0) {
            notes.add(without + " of " + Counted.of(slots.size(), "parameter")
                    + " have no accumulator: frozen, or never used");
        }
        noteComputed(kind);
        Accumulator facts = facts(kind);
        if (slots.stream()
                .filter(slot -> slot.accumulator().isPresent())
                .allMatch(slot -> factored.contains(slot.key()))) {
            facts = facts.toBuilder().setFactored(true).build();
        }
        return new OptimizerState(facts, slots, notes, own(kind, facts, slots));
    }

    private TorchOptimizerKind kind() {
        TreeSet<String> keys = new TreeSet<>();
        for (Object entry : state.values()) {
            if (entry instanceof Map<?, ?> map) {
                map.keySet().forEach(key -> keys.add(String.valueOf(key)));
            }
        }
        Map<Object, Object> settings = settings();
        TorchOptimizerKind kind = TorchOptimizerKind.of(keys, settings)
                .orElseThrow(() -> refused(TorchOptimizerKind.whyNot(keys, settings)));
        Set<String> unknown = kind.unknownSettings(settings);
        if (!unknown.isEmpty()) {
            notes.add("the parameter groups have the settings " + String.join(", ", unknown)
                    + ", which PyTorch's own optimizers lack; make sure that '" + kind.slot()
                    + "' is an average of squared gradients");
        }
        return kind;
    }

    /** The settings that some group has; of equal names the first group's. */
    private Map<Object, Object> settings() {
        Map<Object, Object> settings = new LinkedHashMap<>();
        groups.forEach(group -> group.forEach(settings::putIfAbsent));
        return settings;
    }

    private Optional<Tensor> accumulator(TorchOptimizerKind kind, Object key, Map<?, ?> group) {
        refuseObject(state.get(key), "the state of parameter " + key);
        if (state.get(key) instanceof Map<?, ?> map) {
            refuseObject(map.get(kind.slot()), "'" + kind.slot() + "' of parameter " + key);
            Optional<Tensor> computed = computed(kind, key, map, group);
            if (computed.isPresent()) {
                return computed;
            }
        }
        if (!(state.get(key) instanceof Map<?, ?> entry)
                || !(entry.get(kind.slotOfVectors()) instanceof TorchTensor squares)) {
            return Optional.empty();
        }
        if (entry.get("exp_avg") instanceof TorchTensor mean && !mean.shape().equals(squares.shape())) {
            throw refused("'" + kind.slot() + "' of parameter " + key + " is " + squares.shape() + ", 'exp_avg' is "
                    + mean.shape() + ": it is of NovoGrad or another optimizer that does not keep one square for each"
                    + " element of a parameter; train with Adam, or compute the Fisher with 'squisher fisher'");
        }
        return Optional.of(squares);
    }

    /** Squares that are not stored as they are. */
    private Optional<Tensor> computed(TorchOptimizerKind kind, Object key, Map<?, ?> entry, Map<?, ?> group) {
        try {
            if (kind.family() == OptimizerFamily.ADAFACTOR && FactoredMoments.areIn(entry)) {
                factored.add(String.valueOf(key));
                return Optional.of(FactoredMoments.of(entry, group.get("eps")).diagonal());
            }
            if (kind.slot().equals(QuantizedBlocks.STATE) && QuantizedBlocks.areIn(entry)) {
                QuantizedBlocks blocks = QuantizedBlocks.of(entry);
                rounding = Math.max(rounding, blocks.rounding());
                return Optional.of(blocks.values());
            }
        } catch (IllegalArgumentException e) {
            throw refused("parameter " + key + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private void noteComputed(TorchOptimizerKind kind) {
        if (rounding > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "8-bit blocks are dequantized, code times the block's largest value, as the optimizer does: each step"
                            + " rounded a value by at most %.2g of the largest in its block, and small ones to 0",
                    rounding));
        }
        if (kind.family() == OptimizerFamily.ADAFACTOR) {
            notes.add(
                    "Adafactor averages with 1 - step^-0.8 or another decay that grows, so nothing is bias corrected");
        }
        if (!factored.isEmpty()) {
            notes.add("FACTORED: " + factored.size()
                    + " matrices have averages over rows and over columns alone; their entries"
                    + " are row times column over the mean of the rows, as the optimizer takes them");
        }
    }

    private Accumulator facts(TorchOptimizerKind kind) {
        Accumulator.Builder facts =
                Accumulator.newBuilder().setOptimizer(kind.optimizer()).setSlot(kind.slot());
        Map<Double, Long> decays = new LinkedHashMap<>();
        groups.forEach(group -> kind.decay(group).ifPresent(decay -> decays.merge(decay, 1L, Long::sum)));
        if (decays.size() == 1) {
            facts.setDecay(decays.keySet().iterator().next());
        } else if (decays.size() > 1) {
            notes.add("the parameter groups have different decays " + decays.keySet());
        }
        steps(facts);
        facts.setBiasCorrected(kind.family() == OptimizerFamily.ADAFACTOR);
        kind.initialValue(groups.isEmpty() ? Map.of() : groups.get(0)).ifPresent(facts::setInitialValue);
        if (kind.addsDecayToGradient() && groups.stream().anyMatch(group -> number(group, "weight_decay") > 0)) {
            notes.add("weight decay is on: if the optimizer was Adam and not AdamW, the decay is part of the squared"
                    + " gradients");
        }
        if (kind.family() == OptimizerFamily.LAMB) {
            notes.add("LAMB clips the gradients by their norm before it squares them");
        }
        if (kind.family() == OptimizerFamily.SPARSE_ADAM) {
            notes.add(
                    "if the optimizer was SparseAdam, rows without a gradient were not averaged in a step, and the count"
                            + " of steps is too high for them");
        }
        if (groups.stream().anyMatch(group -> Boolean.TRUE.equals(group.get("amsgrad")))) {
            notes.add("AMSGrad: the moving average is taken, not its maximum");
        }
        if (Boolean.TRUE.equals(groups.isEmpty() ? null : groups.get(0).get("maximize"))) {
            notes.add("the optimizer maximized its objective");
        }
        return facts.build();
    }

    private void steps(Accumulator.Builder facts) {
        TreeSet<Long> steps = new TreeSet<>();
        for (Object entry : state.values()) {
            count(entry instanceof Map<?, ?> map ? map.get("step") : null).ifPresent(steps::add);
        }
        if (steps.isEmpty()) {
            // Fused optimizers count once for a group; schedule-free ones call the count k, which Lookahead has too.
            groups.forEach(group -> count(group.get("step"))
                    .or(() -> group.containsKey("weight_sum") ? count(group.get("k")) : Optional.empty())
                    .ifPresent(steps::add));
        }
        if (!steps.isEmpty()) {
            facts.setStep(steps.last()).setStepSource("file");
        }
        if (steps.size() > 1) {
            notes.add("parameters were stepped " + steps.first() + " to " + steps.last() + " times");
        }
    }

    /** Where parameter groups have different decays, or parameters different steps: each one's own. */
    private Map<String, Accumulator> own(TorchOptimizerKind kind, Accumulator facts, List<Slot> slots) {
        Map<String, Object> steps = new HashMap<>();
        state.forEach((key, entry) ->
                steps.put(String.valueOf(key), entry instanceof Map<?, ?> map ? map.get("step") : null));
        Map<String, Accumulator> own = new LinkedHashMap<>();
        for (Slot slot : slots) {
            Map<?, ?> group = groups.get(slot.group());
            Accumulator.Builder one = facts.toBuilder();
            kind.decay(group).ifPresent(one::setDecay);
            if (factored.contains(slot.key())) {
                one.setFactored(true);
            }
            count(steps.get(slot.key())).or(() -> count(group.get("step"))).ifPresent(step -> one.setStep(step)
                    .setStepSource("file"));
            own.put(slot.key(), one.build());
        }
        return new HashSet<>(own.values()).size() > 1 ? own : Map.of();
    }

    private static Optional<Long> count(Object value) {
        if (value instanceof TorchTensor tensor && tensor.size() == 1) {
            return Optional.of(tensor.toLongs()[0]);
        }
        return value instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    private static double number(Map<?, ?> group, String key) {
        return group.get(key) instanceof Number number ? number.doubleValue() : 0;
    }

    private SquisherException refused(String why) {
        return new SquisherException("cannot convert '" + path + "': " + why);
    }
}
