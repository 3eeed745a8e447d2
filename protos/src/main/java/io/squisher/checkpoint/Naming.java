package io.squisher.checkpoint;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the parameter of each accumulator. In this order: the file's own names; the model's order, where the model's file
 * keeps it and the shapes allow exactly one way, also to share the parameters among several groups; the two groups that Hugging Face's Trainer makes; shapes that occur once.
 * What stays ambiguous is refused: two accumulators of one shape that change places are wrong without a sign of it.
 */
public final class Naming {
    private Naming() {}

    /**
     * Pairs accumulators with parameters.
     *
     * @param model parameters to choose from, if the file does not name them
     * @param assumeOrder whether the order of {@code model} is to be believed though nothing proves it
     * @throws SquisherException if there is no pairing, or more than one
     */
    public static List<Pairing> of(OptimizerState state, Optional<Parameters> model, boolean assumeOrder) {
        if (state.isNamed()) {
            return byName(state, model);
        }
        Parameters parameters = model.orElseThrow(() -> new SquisherException("the checkpoint holds "
                + Counted.of(state.slots().size(), "accumulator")
                + " by number, without names; give the file of the model's weights"
                + " with --model"));
        if (assumeOrder && !parameters.inOrder() && parameters.isSorted()) {
            throw new SquisherException(
                    "the names in " + parameters.label() + " are in alphabetical order ('"
                            + String.join(
                                    "', '",
                                    parameters.tensors().keySet().stream()
                                            .limit(3)
                                            .toList())
                            + "', ...), which is the file's and not the model's; give the names in the model's order with --names");
        }
        if (parameters.inOrder() || assumeOrder) {
            return byOrder(state, parameters.ofShapesIn(state.slots()), assumeOrder);
        }
        return byShape(state.slots(), parameters);
    }

    private static List<Pairing> byName(OptimizerState state, Optional<Parameters> model) {
        List<Pairing> pairings = new ArrayList<>();
        for (Slot slot : withAccumulator(state.slots())) {
            String name = slot.name().orElseThrow();
            Tensor parameter =
                    model.map(parameters -> parameters.tensors().get(name)).orElse(null);
            if (parameter != null && !slot.fits(parameter)) {
                throw new SquisherException("'" + name + "' is " + shapeOf(slot) + " in the checkpoint and "
                        + parameter.shape() + " in " + model.get().label());
            }
            pairings.add(new Pairing(slot, name, "name"));
        }
        return pairings;
    }

    private static List<Pairing> byOrder(OptimizerState state, Parameters model, boolean assumeOrder) {
        Map<List<String>, String> orders = new LinkedHashMap<>();
        Alignment plain =
                Alignment.of(state.slots(), List.copyOf(model.tensors().keySet()), model.tensors());
        if (plain.count() == 1) {
            orders.put(plain.names(), assumeOrder && !model.inOrder() ? "assumed order" : "order");
        }
        if (!assumeOrder && state.groups() > 1) {
            for (DecayRule rule : DecayRule.values()) {
                rule.order(state.slots(), model.tensors())
                        .ifPresent(names -> orders.putIfAbsent(names, "order of the " + rule.description()));
            }
        }
        boolean proven = assumeOrder
                || orders.size() != 1
                || !orders.containsValue("order")
                || GroupOrders.areProven(
                        state.slots(), List.copyOf(model.tensors().values()));
        if (orders.size() == 1 && proven) {
            Map.Entry<List<String>, String> only = orders.entrySet().iterator().next();
            return pair(state.slots(), only.getKey(), only.getValue());
        }
        if (orders.isEmpty() && plain.count() == 0) {
            throw new SquisherException(plain.mismatch(state.slots(), model));
        }
        throw new SquisherException("the " + Counted.of(state.slots().size(), "accumulator") + " fit the "
                + Counted.of(model.tensors().size(), "parameter") + " of " + model.label() + " in more than one order"
                + (orders.size() > 1 ? " (" + String.join("; ", orders.values()) + ")" : "")
                + (proven ? "" : ", since they are in " + Counted.of(state.groups(), "group"))
                + "; give the names in the optimizer's order with --names and --assume-order");
    }

    private static List<Pairing> pair(List<Slot> slots, List<String> names, String reason) {
        List<Pairing> pairings = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).accumulator().isPresent()) {
                pairings.add(new Pairing(slots.get(i), names.get(i), reason));
            }
        }
        return pairings;
    }

    private static List<Pairing> byShape(List<Slot> slots, Parameters model) {
        Map<Shape, List<String>> byShape = new HashMap<>();
        model.tensors().forEach((name, tensor) -> byShape.computeIfAbsent(tensor.shape(), s -> new ArrayList<>())
                .add(name));
        Map<Shape, Long> wanted = withAccumulator(slots).stream()
                .collect(Collectors.groupingBy(
                        slot -> slot.accumulator().orElseThrow().shape(), Collectors.counting()));
        TreeSet<String> ambiguous = new TreeSet<>();
        List<Pairing> pairings = new ArrayList<>();
        for (Slot slot : withAccumulator(slots)) {
            Shape shape = slot.accumulator().orElseThrow().shape();
            List<String> names = byShape.getOrDefault(shape, List.of());
            if (names.isEmpty()) {
                throw new SquisherException("no parameter of " + model.label() + " has the shape " + shape
                        + " of accumulator " + slot.key());
            }
            if (names.size() == 1 && wanted.get(shape) == 1) {
                pairings.add(new Pairing(slot, names.get(0), "the only one of its shape"));
            } else {
                ambiguous.add(shape + " (" + Counted.of(wanted.get(shape), "accumulator") + ", "
                        + Counted.of(names.size(), "parameter") + ")");
            }
        }
        if (!ambiguous.isEmpty()) {
            throw new SquisherException("several parameters share a shape and " + model.label()
                    + " does not keep their order: " + String.join(", ", ambiguous)
                    + "; give the names in the model's order with --names"
                    + (model.isSorted() ? "" : ", or --assume-order to take the file's"));
        }
        return pairings;
    }

    private static List<Slot> withAccumulator(List<Slot> slots) {
        return slots.stream().filter(slot -> slot.accumulator().isPresent()).toList();
    }

    private static String shapeOf(Slot slot) {
        return slot.accumulator().map(tensor -> tensor.shape().toString()).orElse("absent");
    }
}
