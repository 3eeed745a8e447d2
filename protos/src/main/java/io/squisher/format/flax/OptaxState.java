package io.squisher.format.flax;

import io.squisher.SquisherException;
import io.squisher.checkpoint.OptimizerFamily;
import io.squisher.checkpoint.OptimizerState;
import io.squisher.checkpoint.Slot;
import io.squisher.proto.Accumulator;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The squares among the states of optax's transformations, which stand in each other: a chain in a schedule of accumulated batches in
 * hyperparameters. Several may have squares if each has its own parameters, as those of {@code multi_transform} have.
 */
final class OptaxState {
    private final String label;
    private final Map<String, Tensor> squares = new LinkedHashMap<>();
    private final Set<OptaxKind> kinds = new LinkedHashSet<>();
    private final Set<OptimizerFamily> without = new LinkedHashSet<>();
    private final Set<Long> steps = new LinkedHashSet<>();
    private final Set<Double> decays = new LinkedHashSet<>();

    private OptaxState(String label) {
        this.label = label;
    }

    /** Whether a state of a transformation is in {@code tree}. */
    static boolean isIn(Object tree) {
        return tree instanceof Map<?, ?> map
                && (OptaxKind.isState(FlaxTree.keys(map))
                        || map.values().stream().anyMatch(OptaxState::isIn));
    }

    /**
     * The accumulators of all transformations in {@code tree}.
     *
     * @throws SquisherException if there are none, or of a state that is not known
     */
    static OptimizerState of(String label, Map<?, ?> tree) {
        OptaxState state = new OptaxState(label);
        state.visit(tree, Map.of());
        return state.read();
    }

    private void visit(Map<?, ?> map, Map<?, ?> settings) {
        if (OptaxKind.isState(FlaxTree.keys(map))) {
            state(map, settings);
            return;
        }
        Map<?, ?> inner = map.get("hyperparams") instanceof Map<?, ?> own ? own : settings;
        map.values().forEach(value -> {
            if (value instanceof Map<?, ?> child && child != inner) {
                visit(child, inner);
            }
        });
    }

    private void state(Map<?, ?> state, Map<?, ?> settings) {
        OptaxKind kind = OptaxKind.of(FlaxTree.keys(state))
                .orElseThrow(() -> refused("a state with the fields " + FlaxTree.keys(state)
                        + " is none of optax's whose squares are known; train with Adam, or compute the Fisher with"
                        + " 'squisher fisher'"));
        if (!kind.hasSquares()) {
            without.add(kind.family());
            return;
        }
        if (!(state.get(kind.slot()) instanceof Map<?, ?> tree)) {
            throw refused("its '" + kind.slot() + "' is no tree of names: the parameters were flattened");
        }
        kinds.add(kind);
        Map<String, Tensor> found = FlaxTree.leaves(tree);
        checkShapes(found, state.get("mu"));
        found.forEach((name, tensor) -> {
            if (squares.put(FlaxTree.parameter(name), tensor) != null) {
                throw refused("'" + name + "' has squares of several optimizers; save each alone");
            }
        });
        number(state.get("count")).map(Double::longValue).ifPresent(steps::add);
        number(settings.get(kind.family() == OptimizerFamily.RMSPROP ? "decay" : "b2"))
                .ifPresent(decays::add);
    }

    /** NovoGrad's state has Adam's fields, and one number for each parameter. */
    private void checkShapes(Map<String, Tensor> found, Object momenta) {
        if (momenta instanceof Map<?, ?> tree) {
            Map<String, Tensor> others = FlaxTree.leaves(tree);
            for (Map.Entry<String, Tensor> entry : found.entrySet()) {
                Tensor other = others.get(entry.getKey());
                if (other != null && !other.shape().equals(entry.getValue().shape())) {
                    throw refused(OptimizerFamily.NOVOGRAD.refusal());
                }
            }
        }
    }

    private OptimizerState read() {
        if (squares.isEmpty()) {
            throw refused(without.stream()
                    .findFirst()
                    .map(OptimizerFamily::refusal)
                    .orElse("it holds no state of an optimizer with squares of gradients; give the file of the training"
                            + " state, flax.serialization.to_bytes(state)"));
        }
        OptaxKind kind = kinds.iterator().next();
        List<String> notes = new ArrayList<>();
        Accumulator.Builder facts =
                Accumulator.newBuilder().setOptimizer(kind.family().label()).setSlot(kind.slot());
        if (kind.family() == OptimizerFamily.ADAM_LIKE) {
            notes.add(
                    "optax does not say which optimizer it is: 'nu' is taken as Adam's average of squares; AdaBelief, Adamax"
                            + " and Yogi keep something else under that name");
        }
        if (!steps.isEmpty()) {
            facts.setStep(steps.stream().mapToLong(Long::longValue).max().orElseThrow())
                    .setStepSource("count");
        }
        if (decays.size() == 1) {
            // It is stored in single precision.
            facts.setDecay(
                    Double.parseDouble(Float.toString(decays.iterator().next().floatValue())));
        } else if (kind.family().estimate() == OptimizerFamily.Estimate.AVERAGE) {
            notes.add("the file does not say the decay of the average; give it with --decay");
        }
        if (kinds.size() > 1) {
            notes.add("several optimizers are in the file, each with parameters of its own");
        }
        List<Slot> slots = new ArrayList<>();
        squares.forEach((name, tensor) -> slots.add(Slot.named(name, tensor)));
        return new OptimizerState(facts.build(), slots, notes);
    }

    private static Optional<Double> number(Object value) {
        if (value instanceof Tensor tensor && tensor.size() == 1) {
            return Optional.of(tensor.toDoubles()[0]);
        }
        return value instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    private SquisherException refused(String why) {
        return new SquisherException("cannot convert '" + label + "': " + why);
    }
}
