package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Takes the gradient of the hidden state back from the last step taken to the first. */
final class BackwardSweep {
    private final Direction direction;
    private final Ops ops;
    private final Optional<List<Value>> masks;
    private final Optional<List<Value>> arriving;
    private Value hidden;

    BackwardSweep(Direction direction) {
        this.direction = direction;
        this.ops = direction.ops();
        this.masks = direction.mask().map(direction::steps);
        this.arriving = direction.outputGradient().map(direction::steps);
        this.hidden = direction.lastGradient(1).orElse(null);
    }

    /** One step of a cell. */
    @FunctionalInterface
    interface Step {
        /**
         * @param step the step's number
         * @param dh the gradient at the hidden state behind it, {@code [1, N, H]}
         * @return the gradient at the hidden state before it
         */
        Value back(int step, Value dh);
    }

    /** Runs over all steps; returns the gradient at the initial hidden state. */
    Value run(Step step) {
        List<Integer> order = new ArrayList<>(direction.order());
        Collections.reverse(order);
        for (int t : order) {
            Value dh = sum(hidden, arriving.map(list -> list.get(t)).orElse(null));
            if (dh == null) {
                dh = ops.zeros(direction.initialHidden().shape(), direction.initialHidden());
            }
            hidden = masked(t, dh, active -> step.back(t, active));
        }
        return hidden;
    }

    /** Behind the end of a sequence the state stays, and its gradient passes as it is. */
    Value masked(int t, Value gradient, UnaryOperator<Value> back) {
        if (masks.isEmpty()) {
            return back.apply(gradient);
        }
        Value active = ops.mul(gradient, masks.get().get(t));
        return ops.add(back.apply(active), ops.sub(gradient, active));
    }

    private Value sum(Value a, Value b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return ops.add(a, b);
    }
}
