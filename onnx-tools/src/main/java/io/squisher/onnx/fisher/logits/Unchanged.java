package io.squisher.onnx.fisher.logits;

import io.squisher.onnx.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Nodes that leave a probability, or its logarithm, as it is. What keeps logarithms and quotients finite, such as a clip to
 * [1e-7, 1 − 1e-7], counts as one of them: the logits need no such guard.
 */
final class Unchanged {
    /** How far from 0 and 1 a clip, or a number that is added, may keep a probability and still be a guard. */
    private static final double GUARD = 1e-4;

    /** A logarithm may be cut below that of the smallest probability that anybody guards. */
    private static final double LOG_GUARD = Math.log(GUARD);

    private static final Map<String, Double> NEUTRAL =
            Map.of("Add", 0.0, "Sub", 0.0, "Mul", 1.0, "Div", 1.0, "Pow", 1.0);

    private static final Set<String> FOR_NOT_NEGATIVE = Set.of("Relu", "Abs");

    private final GraphFacts facts;

    Unchanged(GraphFacts facts) {
        this.facts = facts;
    }

    /** The way through {@code node}, if it leaves values of the place's domain as they are, or would but for a cut. */
    Optional<Passage> through(Node node, Place place) {
        return switch (node.op()) {
            case "Identity" -> first(node, place);
            case "Cast", "CastLike" ->
                facts.isFloating(place.value()) && facts.isFloating(node.input(0))
                        ? first(node, place)
                        : Optional.empty();
            case "Dropout" -> facts.scalar(node.input(2)).orElse(0) == 0 ? first(node, place) : Optional.empty();
            case "Clip" -> cut(node, place, facts.scalar(node.input(1)), facts.scalar(node.input(2)));
            case "Max", "Min" -> extreme(node, place);
            case "Add", "Sub", "Mul", "Div", "Pow" -> neutral(node, place);
            default ->
                FOR_NOT_NEGATIVE.contains(node.op()) && place.domain() == Domain.PROBABILITY
                        ? first(node, place)
                        : Optional.empty();
        };
    }

    private static Optional<Passage> first(Node node, Place place) {
        return Optional.of(Passage.unchanged(place.at(node.input(0)), 0));
    }

    private Optional<Passage> cut(Node node, Place place, OptionalDouble least, OptionalDouble most) {
        boolean known = (least.isPresent() || !node.hasInput(1)) && (most.isPresent() || !node.hasInput(2));
        boolean probability = place.domain() == Domain.PROBABILITY;
        double low = least.orElse(Double.NEGATIVE_INFINITY);
        double high = most.orElse(Double.POSITIVE_INFINITY);
        boolean harmless =
                known && low <= (probability ? GUARD : LOG_GUARD) && high >= (probability ? 1 - GUARD : -GUARD);
        return Optional.of(Passage.unchanged(
                harmless ? place.at(node.input(0)) : place.at(node.input(0)).losing(node + " cuts values off"), 0));
    }

    private Optional<Passage> extreme(Node node, Place place) {
        if (node.inputs().size() != 2) {
            return node.inputs().size() == 1 ? first(node, place) : Optional.empty();
        }
        for (int i = 0; i < 2; i++) {
            OptionalDouble bound = facts.scalar(node.input(1 - i));
            if (bound.isPresent() && keepsShape(node, i)) {
                boolean least = node.op().equals("Max");
                Node reordered = node.withInputs(List.of(node.input(i)));
                return cut(
                        reordered,
                        place,
                        least ? bound : OptionalDouble.empty(),
                        least ? OptionalDouble.empty() : bound);
            }
        }
        return Optional.empty();
    }

    private Optional<Passage> neutral(Node node, Place place) {
        double neutral = NEUTRAL.get(node.op());
        boolean commutes = node.op().equals("Add") || node.op().equals("Mul");
        OptionalInt at = facts.isScalar(node.input(1), neutral) ? OptionalInt.of(0) : OptionalInt.empty();
        if (at.isEmpty() && commutes) {
            at = facts.besideScalar(node, neutral);
        }
        if (at.isEmpty() && node.op().equals("Add") && place.domain() == Domain.PROBABILITY) {
            at = besideGuard(node);
        }
        return at.isPresent() && keepsShape(node, at.getAsInt())
                ? Optional.of(Passage.unchanged(place.at(node.input(at.getAsInt())), at.getAsInt()))
                : Optional.empty();
    }

    private OptionalInt besideGuard(Node node) {
        for (int i = 0; i < 2; i++) {
            double added = facts.scalar(node.input(1 - i)).orElse(1);
            if (added >= 0 && added <= GUARD) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private boolean keepsShape(Node node, int position) {
        return facts.shape(node.input(position)).equals(facts.shape(node.output(0)));
    }
}
