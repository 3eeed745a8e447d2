package io.squisher.onnx.fisher.logits;

import io.squisher.onnx.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which numbers a value can hold, from the operators behind it. */
enum OutputRange {
    /** Nothing outside [0, 1]. */
    UNIT_INTERVAL,
    /** A linear layer with weights of both signs: anything. */
    ANYTHING,
    UNKNOWN;

    private static final Set<String> UNIT = Set.of("Sigmoid", "HardSigmoid", "Softmax", "Hardmax");
    private static final Set<String> LINEAR = Set.of("Gemm", "MatMul", "Conv", "ConvTranspose");

    /** Goes back over nodes that move elements, and over those that shift or scale them. */
    static OutputRange of(LogitOutput output) {
        GraphFacts facts = new GraphFacts(output.values());
        Place place = new Place(output.value(), Domain.PROBABILITY, Place.NO_CLASSES, "");
        Optional<Node> node = behind(facts, place);
        boolean moved = false;
        while (node.isPresent()
                && Set.of("Add", "Sub", "Mul", "Div", "BatchNormalization")
                        .contains(node.get().op())) {
            Optional<String> data = operand(facts, node.get());
            if (data.isEmpty()) {
                return UNKNOWN;
            }
            moved = true;
            node = behind(facts, place.at(data.get()));
        }
        if (node.isEmpty()) {
            return UNKNOWN;
        }
        if (LINEAR.contains(node.get().op())) {
            return hasNegativeWeight(facts, node.get()) ? ANYTHING : UNKNOWN;
        }
        boolean clipped = node.get().op().equals("Clip")
                && facts.scalar(node.get().input(1)).orElse(-1) >= 0
                && facts.scalar(node.get().input(2)).orElse(2) <= 1;
        return !moved && (clipped || UNIT.contains(node.get().op())) ? UNIT_INTERVAL : UNKNOWN;
    }

    /** The first node behind a value that does more than move elements. */
    private static Optional<Node> behind(GraphFacts facts, Place place) {
        Unchanged unchanged = new Unchanged(facts);
        Movements movements = new Movements(facts);
        Place at = place;
        while (true) {
            Optional<Node> node = facts.producer(at.value());
            Place here = at;
            Optional<Place> before = node.filter(found ->
                            !List.of("Clip", "Max", "Min", "Relu", "Abs").contains(found.op()))
                    .flatMap(found -> unchanged.through(found, here).or(() -> movements.through(found, here)))
                    .map(passage -> passage.before().get(0));
            if (before.isEmpty()) {
                return node;
            }
            at = before.get();
        }
    }

    private static Optional<String> operand(GraphFacts facts, Node node) {
        if (node.op().equals("BatchNormalization")) {
            return Optional.of(node.input(0));
        }
        for (int i = 0; i < 2; i++) {
            if (facts.stored(node.input(1 - i)).isPresent()) {
                return Optional.of(node.input(i));
            }
        }
        return Optional.empty();
    }

    private static boolean hasNegativeWeight(GraphFacts facts, Node node) {
        return facts.stored(node.input(1))
                .or(() -> facts.stored(node.input(0)))
                .filter(weight -> Arrays.stream(weight.toDoubles()).anyMatch(value -> value < 0))
                .isPresent();
    }
}
