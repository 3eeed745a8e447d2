package io.squisher.tf.slots;

import io.squisher.tf.graph.Edges;
import io.squisher.tf.graph.GraphVariable;
import io.squisher.tf.graph.Scalar;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * Finds moving averages of squared gradients that an optimizer writes out in elementary operations, as TensorFlow Java's
 * Nadam does: {@code v ← d·v + (1-d)·g²}, followed by {@code w ← w - f(v)}.
 */
final class WrittenOutAverages {
    private static final String OPTIMIZER = "Nadam";

    private WrittenOutAverages() {}

    /** The variable whose accumulator {@code assign} updates; empty if it is no such average. */
    static Optional<TrainedVariable> read(GraphOperation assign) {
        if (!assign.type().equals("Assign")) {
            return Optional.empty();
        }
        GraphOperation slot = Edges.source(assign.input(0));
        GraphOperation sum = Edges.source(assign.input(1));
        if (!GraphVariable.isVariable(slot) || !sum.type().startsWith("Add")) {
            return Optional.empty();
        }
        for (int kept : new int[] {0, 1}) {
            Optional<Output<?>> decay = factorOf(sum.input(kept), slot);
            Optional<Output<?>> gradient = squared(sum.input(1 - kept));
            if (decay.isPresent() && gradient.isPresent()) {
                return trained(assign, slot, decay.get(), gradient.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<TrainedVariable> trained(
            GraphOperation assign, GraphOperation slot, Output<?> decay, Output<?> gradient) {
        GraphOperation constant = Edges.source(decay);
        if (!constant.type().equals("Const")) {
            return Optional.empty();
        }
        Scalar number = Scalar.behind(decay);
        double initial = InitialValue.of(slot).orElse(0);
        return updateBehind(assign, slot)
                .map(update -> new TrainedVariable(
                        GraphVariable.of(Edges.source(update.input(0))),
                        update,
                        gradient,
                        new TrainedVariable.Accumulator(
                                GraphVariable.of(slot),
                                OPTIMIZER,
                                "v",
                                Optional.of(number),
                                power(constant, number),
                                initial)));
    }

    /** x of {@code x·slot}. */
    private static Optional<Output<?>> factorOf(Output<?> product, GraphOperation slot) {
        GraphOperation multiply = Edges.source(product);
        if (!multiply.type().equals("Mul")) {
            return Optional.empty();
        }
        for (int i : new int[] {0, 1}) {
            if (Edges.source(multiply.input(i)).equals(slot)) {
                return Optional.of(multiply.input(1 - i));
            }
        }
        return Optional.empty();
    }

    /** g of {@code x·g²}. */
    private static Optional<Output<?>> squared(Output<?> product) {
        GraphOperation multiply = Edges.source(product);
        for (int i = 0; multiply.type().equals("Mul") && i < 2; i++) {
            GraphOperation square = Edges.source(multiply.input(i));
            if (square.type().equals("Square")) {
                return Optional.of(square.input(0));
            }
        }
        return Optional.empty();
    }

    /** The first assignment {@code w ← w - …} that depends on the new average. */
    private static Optional<GraphOperation> updateBehind(GraphOperation assign, GraphOperation slot) {
        Deque<GraphOperation> open = new ArrayDeque<>(List.of(assign));
        Set<GraphOperation> seen = new HashSet<>();
        while (!open.isEmpty()) {
            GraphOperation operation = open.poll();
            if (isUpdate(operation) && !Edges.source(operation.input(0)).equals(slot)) {
                return Optional.of(operation);
            }
            if (seen.add(operation)) {
                open.addAll(operation.consumers());
            }
        }
        return Optional.empty();
    }

    private static boolean isUpdate(GraphOperation operation) {
        if (operation.type().equals("AssignSub")) {
            return true;
        }
        if (!operation.type().equals("Assign")) {
            return false;
        }
        GraphOperation value = Edges.source(operation.input(1));
        return value.type().equals("Sub") && Edges.source(value.input(0)).equals(Edges.source(operation.input(0)));
    }

    /** The scalar variable that is multiplied by the decay once per step. */
    private static StepReading power(GraphOperation decay, Scalar number) {
        return decay.consumers().stream()
                .filter(multiply -> multiply.type().equals("Mul"))
                .flatMap(multiply -> multiply.consumers().stream())
                .filter(assign -> assign.type().equals("Assign"))
                .map(assign -> Edges.source(assign.input(0)))
                .filter(power -> GraphVariable.isVariable(power)
                        && power.output(0).shape().isScalar())
                .<StepReading>map(power -> new StepReading.Power(new Scalar.Stored(GraphVariable.of(power)), number))
                .findFirst()
                .orElse(new StepReading.Absent());
    }
}
