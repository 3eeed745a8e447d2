package io.squisher.onnx.fisher.logits;

import io.squisher.onnx.graph.Node;
import io.squisher.tensor.Tensor;
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
    private static final Set<String> AFFINE = Set.of("Add", "Sub", "Mul", "Div", "BatchNormalization");
    private static final Set<String> REARRANGES =
            Set.of("Identity", "Transpose", "Cast", "Reshape", "Squeeze", "Unsqueeze");

    /** How far back is looked, so that a graph of many branches takes no time. */
    private static final int MOST_NODES = 8;

    private static final Set<String> LINEAR = Set.of("Gemm", "MatMul", "Conv", "ConvTranspose");

    /** Goes back over nodes that move elements, and over those that shift, scale or add. */
    static OutputRange of(LogitOutput output) {
        return of(new GraphFacts(output.values()), output.value(), MOST_NODES);
    }

    private static OutputRange of(GraphFacts facts, String value, int depth) {
        Optional<Node> found = behind(facts, new Place(value, Domain.PROBABILITY, Place.NO_CLASSES, ""));
        if (found.isEmpty() || depth == 0) {
            return UNKNOWN;
        }
        Node node = found.get();
        if (AFFINE.contains(node.op())) {
            // What is added or multiplied may leave any interval, and does not bring back into one.
            return operands(facts, node).stream().anyMatch(operand -> of(facts, operand, depth - 1) == ANYTHING)
                    ? ANYTHING
                    : UNKNOWN;
        }
        if (LINEAR.contains(node.op())) {
            return hasNegativeWeight(facts, node) ? ANYTHING : UNKNOWN;
        }
        boolean clipped = node.op().equals("Clip")
                && facts.scalar(node.input(1)).orElse(-1) >= 0
                && facts.scalar(node.input(2)).orElse(2) <= 1;
        return clipped || UNIT.contains(node.op()) ? UNIT_INTERVAL : UNKNOWN;
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

    /** What a node adds or scales; of a product of two computed values nothing is known. */
    private static List<String> operands(GraphFacts facts, Node node) {
        if (node.op().equals("BatchNormalization")) {
            return List.of(node.input(0));
        }
        List<String> computed = node.inputs().stream()
                .filter(input -> weight(facts, input).isEmpty())
                .toList();
        boolean sum = node.op().equals("Add") || node.op().equals("Sub");
        return sum || computed.size() == 1 ? computed : List.of();
    }

    private static boolean hasNegativeWeight(GraphFacts facts, Node node) {
        return weight(facts, node.input(1))
                .or(() -> weight(facts, node.input(0)))
                .filter(weight -> Arrays.stream(weight.toDoubles()).anyMatch(value -> value < 0))
                .isPresent();
    }

    /** A stored tensor, as it is or rearranged. */
    private static Optional<Tensor> weight(GraphFacts facts, String value) {
        String at = value;
        for (int i = 0; i < MOST_NODES; i++) {
            Optional<Node> node = facts.producer(at).filter(found -> REARRANGES.contains(found.op()));
            if (node.isEmpty()) {
                break;
            }
            at = node.get().input(0);
        }
        return facts.stored(at);
    }
}
