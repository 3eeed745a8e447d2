package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Scan;
import io.squisher.onnx.emit.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the gradients of the states back from the last step taken to the first. */
final class BackwardSweep {
    private final Direction direction;
    private final Ops ops;
    private final List<Value> factors;
    private final Optional<Value> mask;
    private final Optional<Value> arriving;

    /**
     * @param factors what the steps need besides, {@code [T, N, …]}
     */
    BackwardSweep(Direction direction, List<Value> factors) {
        this.direction = direction;
        this.ops = direction.ops();
        this.factors = factors;
        this.mask = direction.mask();
        this.arriving = direction.outputGradient();
    }

    /** One step of a cell. */
    @FunctionalInterface
    interface Step {
        /**
         * @param ops writes the step
         * @param states the gradients at the states behind it, {@code [N, H]}
         * @param factors of this step
         * @return the gradients at the states before it, and what is kept
         */
        Scan.Result back(Ops ops, List<Value> states, List<Value> factors);
    }

    /**
     * Runs over all steps.
     *
     * @param states how many there are: the hidden one, and the cell
     * @return the gradients at the initial states, {@code [1, N, H]}, and what was kept of each step, {@code [T, N, …]}
     */
    Scan.Result run(int states, Step step) {
        List<Value> last = new ArrayList<>();
        for (int output = 1; output <= states; output++) {
            last.add(direction.lastGradient(output).map(direction::single).orElseGet(direction::noGradient));
        }
        List<Value> sliced = new ArrayList<>(factors);
        arriving.ifPresent(sliced::add);
        mask.ifPresent(sliced::add);
        Scan.Result swept = Scan.run(
                ops,
                !direction.backwards(),
                last,
                sliced,
                (inner, behind, slices) -> step(inner, behind, slices, step));
        return new Scan.Result(
                swept.states().stream().map(state -> ops.unsqueeze(state, 0)).toList(), swept.collected());
    }

    /** Behind the end of a sequence the states stay, and their gradients pass as they are. */
    private Scan.Result step(Ops inner, List<Value> behind, List<Value> slices, Step step) {
        List<Value> gradients = new ArrayList<>(behind);
        if (arriving.isPresent()) {
            gradients.set(0, inner.add(behind.get(0), slices.get(factors.size())));
        }
        List<Value> own = slices.subList(0, factors.size());
        if (mask.isEmpty()) {
            return step.back(inner, gradients, own);
        }
        Value inside = slices.get(slices.size() - 1);
        List<Value> active =
                gradients.stream().map(gradient -> inner.mul(gradient, inside)).toList();
        Scan.Result back = step.back(inner, active, own);
        List<Value> before = new ArrayList<>();
        for (int i = 0; i < active.size(); i++) {
            Value passing = inner.sub(gradients.get(i), active.get(i));
            before.add(inner.add(back.states().get(i), passing));
        }
        return new Scan.Result(before, back.collected());
    }
}
