package io.squisher.format.tensorflow;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Slots by the names that TensorFlow Java ({@code <variable>-<slot>}) and TensorFlow 1 ({@code <variable>/<Optimizer>_1}; BERT's own
 * optimizer: {@code <variable>/adam_v}) give their variables.
 */
final class GraphSlots {
    private static final String POWER = "beta2_power";
    private static final String POWERS = "(.*/)?" + POWER + "(_\\d+)?";
    private static final String DUAL_AVERAGING_STEP = "adagrad-da-global-step";

    /** Below this a power of the decay leaves 1 − power at 1 in double precision: there is nothing to correct. */
    private static final double VANISHED = 1e-17;

    /** Slots of TensorFlow 1, and what its moving averages keep: shadows of variables, and what undoes their start from zero. */
    private static final String SLOTS =
            "(Adam|RMSProp|Momentum|Adagrad|AdagradDA|ProximalAdagrad|Adadelta|Ftrl)(_\\d+)?|adam_[mv]"
                    + "|ExponentialMovingAverage|biased|local_step";

    private final BundleFile file;
    private final SlotVariables variables;

    GraphSlots(BundleFile file) {
        this.file = file;
        this.variables = new SlotVariables(file);
    }

    /** The accumulators, if one of the conventions is followed. */
    Optional<OptimizerState> read() {
        refuseParts();
        Map<SlotConvention, List<Slot>> found = new LinkedHashMap<>();
        for (SlotConvention convention : SlotConvention.ALL) {
            List<Slot> slots = variables.slots(convention);
            if (!slots.isEmpty()) {
                found.put(convention, slots);
            }
        }
        if (found.size() > 1) {
            throw several(found.keySet().stream()
                    .map(convention -> convention.optimizer() + " ('" + convention.suffix() + "')")
                    .collect(Collectors.joining(", ")));
        }
        for (Map.Entry<SlotConvention, List<Slot>> only : found.entrySet()) {
            refuseSecond(only.getKey(), only.getValue());
            return Optional.of(state(only.getKey(), only.getValue()));
        }
        Optional<OptimizerState> renamed = renamedAdam();
        if (renamed.isEmpty()) {
            refuseOthers();
        }
        return renamed;
    }

    /** A second optimizer of the same kind over a variable: its slots are numbered on, or have another scope. */
    private void refuseSecond(SlotConvention convention, List<Slot> slots) {
        Set<String> seen = new HashSet<>();
        for (Slot slot : slots) {
            String variable = slot.name().orElseThrow();
            String second = variable + convention.second();
            boolean numbered = file.names().contains(second)
                    && file.tensor(second)
                            .shape()
                            .equals(slot.accumulator().orElseThrow().shape());
            if (numbered || !seen.add(variable)) {
                throw several(convention.optimizer() + " twice over '" + variable + "'"
                        + (numbered ? " ('" + variable + convention.suffix() + "' and '" + second + "')" : ""));
            }
        }
    }

    private SquisherException several(String which) {
        return new SquisherException("cannot convert '" + file.path() + "': it holds the slots of several optimizers, "
                + which + "; save the variables and slots of the one that is meant alone");
    }

    /** Of TensorFlow 1's optimizers Adam alone has two powers; its slots are called as the program called it. */
    private Optional<OptimizerState> renamedAdam() {
        List<SlotConvention> fitting = renamedAdams(file.names()).stream()
                .filter(convention -> !variables.slots(convention).isEmpty())
                .toList();
        if (fitting.size() > 1) {
            throw several(fitting.stream()
                    .map(convention -> "Adam ('" + convention.suffix() + "')")
                    .collect(Collectors.joining(", ")));
        }
        for (SlotConvention only : fitting) {
            refuseSecond(only, variables.slots(only));
            return Optional.of(state(only, variables.slots(only)));
        }
        return Optional.empty();
    }

    private static List<SlotConvention> renamedAdams(Set<String> names) {
        Set<String> suffixes = new TreeSet<>();
        if (names.stream().anyMatch(name -> name.matches(POWERS))) {
            for (String key : names) {
                String own = key.substring(key.lastIndexOf('/') + 1);
                String stem = key.substring(0, Math.max(0, key.lastIndexOf('/')));
                if (own.length() > 2
                        && own.endsWith("_1")
                        && names.contains(key.substring(0, key.length() - 2))
                        && SlotVariables.isVariable(stem, names)) {
                    suffixes.add("/" + own);
                }
            }
        }
        return suffixes.stream().map(SlotConvention::renamedAdam).toList();
    }

    /** An optimizer without squares is known by its slots as well, and a variable in parts has slots for each. */
    private void refuseOthers() {
        for (String key : file.names()) {
            int at = key.lastIndexOf('/');
            String stem = key.substring(0, Math.max(0, at));
            boolean momentum = key.endsWith("/Momentum") && SlotVariables.isVariable(stem, file.names())
                    || key.endsWith("-momentum") && file.names().contains(key.replaceFirst("-momentum$", ""));
            if (momentum) {
                throw new SquisherException(
                        "cannot convert '" + file.path() + "': " + OptimizerFamily.MOMENTUM.refusal());
            }
        }
    }

    private void refuseParts() {
        for (String key : file.names()) {
            int at = key.lastIndexOf('/');
            SlotVariables.partitioned(key.substring(0, Math.max(0, at)), file.names())
                    .ifPresent(variable -> {
                        throw new SquisherException("cannot convert '" + file.path() + "': '" + key
                                + "' is a slot of a part of the partitioned variable '" + variable
                                + "'; save the model without a partitioner");
                    });
        }
    }

    /** Names of variables that an optimizer or an average of the weights keeps, slots and counters, and not the model. */
    static Set<String> kept(Set<String> names) {
        List<SlotConvention> renamed = renamedAdams(names);
        Set<String> kept = new HashSet<>();
        for (String name : names) {
            if (name.matches("(.*/)?beta[12]_power(_\\d+)?")
                    || name.matches("(.*/)?global_step")
                    || name.equals(DUAL_AVERAGING_STEP)
                    || isSlot(name, names)
                    || renamed.stream()
                            .anyMatch(one ->
                                    isSlotOf(name, one.suffix(), names) || isSlotOf(name, one.companion(), names))) {
                kept.add(name);
            }
        }
        return kept;
    }

    private static boolean isSlot(String name, Set<String> names) {
        int hyphen = name.lastIndexOf('-');
        int slash = name.lastIndexOf('/');
        boolean java = hyphen > 0
                && names.contains(name.substring(0, hyphen))
                && name.substring(hyphen + 1).matches("m|v|vhat|rms|mg|momentum|accum|accum_update|.*accumulator");
        boolean one = slash > 0 && name.substring(slash + 1).matches(SLOTS);
        String stem = name.substring(0, Math.max(0, slash));
        return java
                || one
                        && (SlotVariables.isVariable(stem, names)
                                || SlotVariables.partitioned(stem, names).isPresent());
    }

    private static boolean isSlotOf(String name, String suffix, Set<String> names) {
        return name.endsWith(suffix)
                && SlotVariables.isVariable(name.substring(0, name.length() - suffix.length()), names);
    }

    private OptimizerState state(SlotConvention convention, List<Slot> slots) {
        List<String> notes = new ArrayList<>();
        Accumulator.Builder facts = Accumulator.newBuilder()
                .setOptimizer(isNadam(convention, slots) ? "Nadam" : convention.optimizer())
                .setSlot(convention.suffix().substring(1));
        convention.initial().ifPresent(facts::setInitialValue);
        if (convention.initial().isEmpty()) {
            notes.add("the sum started from a value above zero that the checkpoint does not say");
        }
        if (convention.optimizer().equals("Adam")) {
            adam(facts, notes);
        } else {
            counted(facts, slots.size());
            if (convention.decayed()) {
                notes.add("the checkpoint does not say the decay of the average; give it with --decay");
            }
        }
        return new OptimizerState(facts.build(), slots, notes);
    }

    /** Steps as a program counts them beside its optimizer; AdaGradDA counts once for each variable in each step. */
    private void counted(Accumulator.Builder facts, int variables) {
        count("global_step").ifPresent(count -> facts.setStep(count).setStepSource("global_step"));
        count(DUAL_AVERAGING_STEP)
                .filter(count -> count % variables == 0)
                .ifPresent(count -> facts.setStep(count / variables).setStepSource(DUAL_AVERAGING_STEP));
    }

    private Optional<Long> count(String name) {
        List<String> counters = file.names().stream()
                .filter(key -> key.equals(name) || key.endsWith("/" + name))
                .filter(key -> file.tensor(key).size() == 1)
                .toList();
        return counters.size() == 1 ? Optional.of(file.tensor(counters.get(0)).toLongs()[0]) : Optional.empty();
    }

    /** Nadam keeps what Adam keeps, and a momentum besides. */
    private boolean isNadam(SlotConvention convention, List<Slot> slots) {
        return convention.suffix().equals("-v")
                && slots.stream()
                        .allMatch(slot -> file.names().contains(slot.name().orElseThrow() + "-momentum"));
    }

    private void adam(Accumulator.Builder facts, List<String> notes) {
        List<String> powers =
                file.names().stream().filter(name -> name.matches(POWERS)).toList();
        if (powers.stream()
                        .map(name -> file.tensor(name).toFloats()[0])
                        .distinct()
                        .count()
                > 1) {
            throw several("since " + String.join(", ", powers) + " differ in decay or steps");
        }
        Tensor power = powers.stream()
                .findFirst()
                .map(file::tensor)
                .orElseThrow(() -> new SquisherException(
                        "cannot convert '" + file.path() + "': it has slots 'm' and 'v'" + " but no " + POWER
                                + ", as Adamax has, whose 'v' is a maximum and no average of squares"));
        float value = power.size() == 1 ? power.toFloats()[0] : Float.NaN;
        Optional<BetaPower> found = BetaPower.of(value);
        if (found.isPresent()) {
            facts.setDecay(found.get().beta()).setStep(found.get().steps()).setStepSource(POWER);
            notes.add("decay " + found.get().beta() + " and step " + found.get().steps() + " follow from " + POWER
                    + ", which is that power of no other usual decay");
        } else if (value >= 0 && value < VANISHED) {
            facts.setBiasCorrected(true);
            notes.add(POWER + " is " + value + ": after so many steps nothing is left of the start value, so there is"
                    + " nothing to correct");
        } else {
            notes.add(POWER + " is " + value + ", from which decay and step do not follow; give them with --decay and"
                    + " --step");
        }
    }
}
