package io.squisher.format.tensorflow;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.format.tensorflow.bundle.BundleFile;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
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
    /**
     * How an optimizer names what it keeps for a variable.
     *
     * @param suffix of the squared gradients
     * @param companion suffix of something else that it keeps; empty if nothing
     * @param decayed whether they are an average; else a running sum
     * @param initial the value that they start from, where it is fixed
     */
    private record Convention(
            String optimizer, String suffix, String companion, boolean decayed, Optional<Double> initial) {}

    private static final String POWER = "beta2_power";
    private static final String DUAL_AVERAGING_STEP = "adagrad-da-global-step";
    private static final Optional<Double> ZERO = Optional.of(0.0);
    private static final Optional<Double> ONE = Optional.of(1.0);
    private static final Optional<Double> GIVEN = Optional.empty();

    private static final List<Convention> CONVENTIONS = List.of(
            new Convention("Adam", "-v", "-m", true, ZERO),
            new Convention("RMSProp", "-rms", "", true, ONE),
            new Convention("AdaDelta", "-accum", "-accum_update", true, ZERO),
            new Convention("AdaGrad", "-accumulator", "", false, GIVEN),
            new Convention("AdaGradDA", "-gradient_squared_accumulator", "-gradient_accumulator", false, GIVEN),
            new Convention("Ftrl", "-gradient_accumulator", "-linear_accumulator", false, GIVEN),
            new Convention("Adam", "/Adam_1", "/Adam", true, ZERO),
            new Convention("AdamWeightDecay", "/adam_v", "/adam_m", true, ZERO),
            new Convention("RMSProp", "/RMSProp", "/RMSProp_1", true, ONE),
            new Convention("Adadelta", "/Adadelta", "/Adadelta_1", true, ZERO),
            new Convention("Adagrad", "/Adagrad", "", false, GIVEN),
            new Convention("ProximalAdagrad", "/ProximalAdagrad", "", false, GIVEN),
            new Convention("Ftrl", "/Ftrl", "/Ftrl_1", false, GIVEN));

    private final BundleFile file;

    GraphSlots(BundleFile file) {
        this.file = file;
    }

    /** The accumulators, if one of the conventions is followed. */
    Optional<OptimizerState> read() {
        Map<Convention, List<Slot>> found = new LinkedHashMap<>();
        for (Convention convention : CONVENTIONS) {
            List<Slot> slots = slots(convention);
            if (!slots.isEmpty()) {
                found.put(convention, slots);
            }
        }
        if (found.size() > 1) {
            throw several(found.keySet().stream()
                    .map(convention -> convention.optimizer() + " ('" + convention.suffix() + "')")
                    .collect(Collectors.joining(", ")));
        }
        for (Map.Entry<Convention, List<Slot>> only : found.entrySet()) {
            refuseSecond(only.getKey(), only.getValue());
            return Optional.of(state(only.getKey(), only.getValue()));
        }
        return renamedAdam();
    }

    /** A second optimizer of the same kind over a variable: its slots are numbered. */
    private void refuseSecond(Convention convention, List<Slot> slots) {
        for (Slot slot : slots) {
            String variable = slot.name().orElseThrow();
            String stem = convention.suffix().replaceFirst("_1$", "");
            int first =
                    convention.suffix().equals(stem) && convention.companion().equals(stem + "_1")
                                    || !convention.suffix().equals(stem)
                            ? 2
                            : 1;
            String second = variable + stem + "_" + first;
            if (file.names().contains(second)
                    && file.tensor(second)
                            .shape()
                            .equals(slot.accumulator().orElseThrow().shape())) {
                throw several(convention.optimizer() + " twice over '" + variable + "' ('" + variable
                        + convention.suffix() + "' and '" + second + "')");
            }
        }
    }

    private SquisherException several(String which) {
        return new SquisherException("cannot convert '" + file.path() + "': it holds the slots of several optimizers, "
                + which + "; save the variables and slots of the one that is meant alone");
    }

    /** Of TensorFlow 1's optimizers Adam alone has two powers; its slots are called as the program called it. */
    private Optional<OptimizerState> renamedAdam() {
        Set<String> found = new TreeSet<>();
        for (String key : file.names()) {
            String own = key.substring(key.lastIndexOf('/') + 1);
            if (own.endsWith("_1") && file.names().contains(key.substring(0, key.length() - 2))) {
                found.add("/" + own);
            }
        }
        List<String> fitting = found.stream()
                .filter(suffix -> !slots(renamed(suffix)).isEmpty())
                .toList();
        boolean powers = file.names().stream().anyMatch(name -> name.matches("(.*/)?" + POWER + "(_\\d+)?"));
        return powers && fitting.size() == 1
                ? Optional.of(state(renamed(fitting.get(0)), slots(renamed(fitting.get(0)))))
                : Optional.empty();
    }

    private static Convention renamed(String suffix) {
        return new Convention("Adam", suffix, suffix.substring(0, suffix.length() - 2), true, ZERO);
    }

    private List<Slot> slots(Convention convention) {
        List<Slot> slots = new ArrayList<>();
        for (String key : file.names()) {
            String variable = key.endsWith(convention.suffix())
                    ? key.substring(0, key.length() - convention.suffix().length())
                    : "";
            boolean complete = file.names().contains(variable)
                    && (convention.companion().isEmpty() || file.names().contains(variable + convention.companion()));
            if (complete
                    && file.tensor(key).shape().equals(file.tensor(variable).shape())) {
                slots.add(Slot.named(variable, file.tensor(key)));
            }
        }
        return slots;
    }

    /** Names of variables that are slots or counters of an optimizer, not of the model. */
    static boolean isOptimizers(String name, Set<String> names) {
        return name.matches("(.*/)?beta[12]_power(_\\d+)?")
                || name.matches("(.*/)?global_step")
                || name.equals(DUAL_AVERAGING_STEP)
                || endsWithSlot(name, names);
    }

    private static boolean endsWithSlot(String name, Set<String> names) {
        int hyphen = name.lastIndexOf('-');
        int slash = name.lastIndexOf('/');
        boolean java = hyphen > 0
                && names.contains(name.substring(0, hyphen))
                && name.substring(hyphen + 1).matches("m|v|vhat|rms|mg|momentum|accum|accum_update|.*accumulator");
        boolean one = slash > 0
                && names.contains(name.substring(0, slash))
                && name.substring(slash + 1)
                        .matches("(Adam|RMSProp|Momentum|Adagrad|ProximalAdagrad|Adadelta|Ftrl)(_\\d)?|adam_[mv]");
        return java || one;
    }

    private OptimizerState state(Convention convention, List<Slot> slots) {
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
        return file.names().contains(name) && file.tensor(name).size() == 1
                ? Optional.of(file.tensor(name).toLongs()[0])
                : Optional.empty();
    }

    /** Nadam keeps what Adam keeps, and a momentum besides. */
    private boolean isNadam(Convention convention, List<Slot> slots) {
        return convention.suffix().equals("-v")
                && slots.stream()
                        .allMatch(slot -> file.names().contains(slot.name().orElseThrow() + "-momentum"));
    }

    private void adam(Accumulator.Builder facts, List<String> notes) {
        List<String> powers = file.names().stream()
                .filter(name -> name.matches("(.*/)?" + POWER + "(_\\d+)?"))
                .toList();
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
        float value = power.size() == 1 ? power.toFloats()[0] : 0;
        Optional<BetaPower> found = BetaPower.of(value);
        if (found.isPresent()) {
            facts.setDecay(found.get().beta()).setStep(found.get().steps()).setStepSource(POWER);
            notes.add("decay " + found.get().beta() + " and step " + found.get().steps() + " follow from " + POWER
                    + ", which is that power of no other usual decay");
        } else {
            notes.add(POWER + " is " + value + ", from which decay and step do not follow; give them with --decay and"
                    + " --step");
        }
    }
}
