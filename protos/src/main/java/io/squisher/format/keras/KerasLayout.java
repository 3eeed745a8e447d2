package io.squisher.format.keras;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.ChunkReader;
import io.squisher.tensor.ConstantTensors;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Finds the squared gradients among an optimizer's numbered variables. The settings say what comes before them; shapes,
 * and where those allow both orders the sign, say whether each variable's slots stand together or each slot's. Squares are
 * not negative, momenta nearly always somewhere are.
 */
final class KerasLayout {
    /** Elements of each tensor that are looked at to confirm what the shapes say already. */
    private static final long SAMPLE = 1 << 16;

    private final String label;
    private final KerasOptimizerKind kind;
    private final JsonObject settings;
    private final boolean settingsKnown;

    /**
     * A layout.
     *
     * @param label the file, for messages
     * @param settings the optimizer's configuration, where the file has it
     */
    public KerasLayout(String label, KerasOptimizerKind kind, Optional<JsonObject> settings) {
        this.label = label;
        this.kind = kind;
        this.settings = settings.orElseGet(JsonObject::new);
        this.settingsKnown = settings.isPresent();
    }

    /**
     * The accumulators among {@code variables}.
     *
     * @param parameters shapes of the trained parameters in their order, where known
     * @throws SquisherException if nothing fits, or more than one way does
     */
    public OptimizerState state(List<Tensor> variables, Optional<List<Shape>> parameters) {
        return state(variables, parameters, parameters.map(List::size).orElse(0));
    }

    /**
     * The accumulators among {@code variables}.
     *
     * @param parameters shapes of the trained parameters in their order, where known
     * @param weights how many parameters the file has, trained or not; 0 where that is not known
     */
    OptimizerState state(List<Tensor> variables, Optional<List<Shape>> parameters, int weights) {
        Accumulator.Builder facts = kind.facts(settings);
        int at = 0;
        if (!variables.isEmpty()
                && isScalar(variables.get(0))
                && !variables.get(0).type().isFloating()) {
            facts.setStep(KerasOptimizerKind.steps(variables.get(0).toLongs()[0], settings))
                    .setStepSource("iterations");
            at++;
        }
        JsonElement rate = settings.get("learning_rate");
        boolean schedule = rate != null && rate.isJsonObject();
        // The learning rate, and whatever else an optimizer counts, unless the first parameter is itself a number.
        while (at < variables.size() && isScalar(variables.get(at)) && !schedule && !isFirstParameter(parameters, at)) {
            at++;
        }
        int end = variables.size();
        if (kind.name().equals("Nadam") && end > at && isScalar(variables.get(end - 1))) {
            // The product of its momenta, one number for all parameters.
            end--;
        }
        List<Tensor> accumulators = accumulators(variables.subList(at, end), parameters, weights);
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < accumulators.size(); i++) {
            slots.add(Slot.positional(i, accumulators.get(i)));
        }
        return new OptimizerState(facts.build(), slots, kind.notes(settings));
    }

    private static boolean isScalar(Tensor tensor) {
        return tensor.shape().rank() == 0;
    }

    private static boolean isFirstParameter(Optional<List<Shape>> parameters, int at) {
        return at > 1
                && parameters.isPresent()
                && !parameters.get().isEmpty()
                && parameters.get().get(0).rank() == 0;
    }

    private List<Tensor> accumulators(List<Tensor> rest, Optional<List<Shape>> parameters, int weights) {
        JsonElement accumulation = settings.get("gradient_accumulation_steps");
        int before = blocks("use_ema") + (accumulation != null && accumulation.isJsonPrimitive() ? 1 : 0);
        int after = blocks("amsgrad");
        int blocks = before + kind.slots() + after;
        int count = parameters.map(List::size).orElse(rest.size() / blocks);
        // Keras before 2.3 kept a placeholder for each maximum that AMSGrad would have needed.
        boolean placeholders = after == 0 && rest.size() == (blocks + 1) * count;
        boolean isPlain = count > 0 && (rest.size() == blocks * count || placeholders);
        boolean isMore = kind.name().equals("RMSprop") || rest.size() > kind.slots() * weights;
        if (!settingsKnown && weights > 0 && rest.size() % weights == 0 && isMore) {
            return bySigns(rest, weights);
        }
        if (!isPlain) {
            throw refused("its optimizer has " + Counted.of(rest.size(), "variable") + ", which is not " + blocks
                    + " for each of " + Counted.of(count, "parameter")
                    + (settingsKnown ? "" : "; give the .keras file, which has the settings"));
        }
        List<Tensor> slots = rest.subList(before * count, (before + kind.slots()) * count);
        List<Tensor> together = new ArrayList<>();
        List<Tensor> apart = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            together.add(slots.get(i * kind.slots() + kind.position()));
            apart.add(slots.get(kind.position() * count + i));
        }
        return choose(together, fitsTogether(slots, count, parameters), apart, fitsApart(slots, count, parameters));
    }

    /**
     * Without settings the number of variables says only how many each parameter has. Of all that the optimizer may keep before,
     * between and behind its slots, one way has to leave squares: shapes that fit, nothing negative, not zeros alone, which summed
     * gradients are after a step.
     */
    private List<Tensor> bySigns(List<Tensor> rest, int count) {
        int most = kind.name().equals("RMSprop") ? 3 : kind.slots();
        Set<List<Tensor>> ways = new LinkedHashSet<>();
        for (int slots = kind.slots(); slots <= most; slots++) {
            for (int before = 0; before <= 2; before++) {
                int after = rest.size() / count - slots - before;
                if (after == 0 || after == 1 && kind.slots() == 2) {
                    List<Tensor> own = rest.subList(before * count, (before + slots) * count);
                    ways.add(pick(own, count, slots, 1));
                    ways.add(pick(own, count, 1, count));
                }
            }
        }
        ways.removeIf(way -> way.isEmpty() || !isNonNegative(way, Long.MAX_VALUE) || isZero(way));
        if (ways.size() != 1) {
            throw refused("its optimizer has " + Counted.of(rest.size(), "variable") + " for "
                    + Counted.of(count, "parameter")
                    + ", and without its settings "
                    + (ways.isEmpty() ? "none" : "more than one")
                    + " of the ways to read them leaves squares; give the .keras file, which has the settings");
        }
        return ways.iterator().next();
    }

    /** The squares where the slots of a parameter are {@code stride} from those of the next, and its own {@code step} from each other; empty if shapes differ. */
    private List<Tensor> pick(List<Tensor> slots, int count, int stride, int step) {
        List<Tensor> picked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Tensor squares = slots.get(i * stride + kind.position() * step);
            for (int k = 0; k < slots.size() / count; k++) {
                if (!slots.get(i * stride + k * step).shape().equals(squares.shape())) {
                    return List.of();
                }
            }
            picked.add(squares);
        }
        return picked;
    }

    private static boolean isZero(List<Tensor> tensors) {
        OptionalDouble only = ConstantTensors.value(tensors);
        return only.isPresent() && only.getAsDouble() == 0;
    }

    private int blocks(String setting) {
        return KerasOptimizerKind.flag(settings, setting) ? 1 : 0;
    }

    private boolean fitsTogether(List<Tensor> slots, int count, Optional<List<Shape>> parameters) {
        for (int i = 0; i < count; i++) {
            Shape shape = parameters.isPresent()
                    ? parameters.get().get(i)
                    : slots.get(i * kind.slots()).shape();
            for (int k = 0; k < kind.slots(); k++) {
                if (!slots.get(i * kind.slots() + k).shape().equals(shape)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean fitsApart(List<Tensor> slots, int count, Optional<List<Shape>> parameters) {
        for (int i = 0; i < count; i++) {
            Shape shape = parameters.isPresent()
                    ? parameters.get().get(i)
                    : slots.get(i).shape();
            for (int k = 0; k < kind.slots(); k++) {
                if (!slots.get(k * count + i).shape().equals(shape)) {
                    return false;
                }
            }
        }
        return true;
    }

    private List<Tensor> choose(List<Tensor> together, boolean togetherFits, List<Tensor> apart, boolean apartFits) {
        if (!togetherFits && !apartFits) {
            throw refused("the shapes of its optimizer's variables are not those of the model's parameters in order");
        }
        if (togetherFits && apartFits && !together.equals(apart)) {
            boolean first = isNonNegative(together, Long.MAX_VALUE);
            boolean second = isNonNegative(apart, Long.MAX_VALUE);
            if (first == second) {
                throw refused(
                        "its optimizer's variables can be read in two orders, and neither shapes nor signs decide");
            }
            return first ? together : apart;
        }
        List<Tensor> chosen = togetherFits ? together : apart;
        if (!isNonNegative(chosen, SAMPLE)) {
            throw refused("what should be squares of gradients has negative values: the order of its optimizer's"
                    + " variables is not known");
        }
        return chosen;
    }

    private static boolean isNonNegative(List<Tensor> tensors, long most) {
        ChunkReader reader = new ChunkReader(1 << 14);
        double[] chunk = new double[1 << 14];
        for (Tensor tensor : tensors) {
            int count;
            for (long at = 0; at < most && (count = reader.read(tensor, at, chunk)) > 0; at += count) {
                for (int i = 0; i < count; i++) {
                    if (chunk[i] < 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private SquisherException refused(String why) {
        return new SquisherException("cannot convert '" + label + "': " + why);
    }
}
