package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import java.util.Arrays;
import java.util.List;

/**
 * Gates and cell states of an LSTM at all steps, computed again: the forward keeps only the hidden states and the last cell
 * state. With peepholes the gates of a step need the cell state before it, so they are computed in order.
 */
final class LstmStates {
    private final Direction direction;
    private final Ops ops;
    private final LstmPeepholes peepholes;
    private final boolean coupled;

    /** Hidden states before each step. */
    final Value hiddenBefore;

    final Gate input;
    final Gate output;

    /** Without a slope of its own where it is coupled to the input gate. */
    final Gate forget;

    final Gate candidate;
    final Value cells;
    final Value cellsBefore;

    /** What is made of the cell states. */
    final Gate bent;

    /**
     * @param peepholes null where there are none
     * @param coupled whether the forget gate is 1 − the input gate
     */
    LstmStates(Direction direction, LstmPeepholes peepholes, boolean coupled) {
        this.direction = direction;
        this.ops = direction.ops();
        this.peepholes = peepholes;
        this.coupled = coupled;
        this.hiddenBefore = direction.hiddenBefore();
        Value sums = ops.add(direction.inputs(), direction.recurrences(hiddenBefore, 0, 4));
        candidate = direction.gate(1, direction.block(sums, 3));
        Value[] inputSums = split(direction.block(sums, 0));
        Value[] forgetSums = split(direction.block(sums, 2));
        if (peepholes == null) {
            input = direction.gate(0, direction.block(sums, 0));
            forget = coupled ? coupled(input) : direction.gate(0, direction.block(sums, 2));
            cells = cells(input.value(), forget.value());
        } else {
            cells = cellsInOrder(inputSums, forgetSums);
            input = direction.gate(0, ops.concat(0, Arrays.asList(inputSums)));
            forget = coupled ? coupled(input) : direction.gate(0, ops.concat(0, Arrays.asList(forgetSums)));
        }
        cellsBefore = direction.before(cells, direction.initialCell());
        Value outputSums = direction.block(sums, 1);
        output = direction.gate(
                0, peepholes == null ? outputSums : ops.add(outputSums, ops.mul(peepholes.output(), cells)));
        bent = direction.unclipped(2, cells);
    }

    private Value[] split(Value sums) {
        return peepholes == null ? new Value[0] : direction.steps(sums).toArray(Value[]::new);
    }

    private Gate coupled(Gate input) {
        return new Gate(direction.complement(input.value()), null);
    }

    private Value cells(Value inputs, Value forgets) {
        List<Value> kept = direction.steps(forgets);
        List<Value> added = direction.steps(ops.mul(inputs, candidate.value()));
        return inOrder((t, cell) -> ops.add(ops.mul(kept.get(t), cell), added.get(t)));
    }

    /** Adds the peepholes' share to the sums on the way. */
    private Value cellsInOrder(Value[] inputSums, Value[] forgetSums) {
        List<Value> candidates = direction.steps(candidate.value());
        return inOrder((t, cell) -> {
            inputSums[t] = ops.add(inputSums[t], ops.mul(peepholes.input(), cell));
            Value added = direction.gate(0, inputSums[t]).value();
            Value kept;
            if (coupled) {
                kept = direction.complement(added);
            } else {
                forgetSums[t] = ops.add(forgetSums[t], ops.mul(peepholes.forget(), cell));
                kept = direction.gate(0, forgetSums[t]).value();
            }
            return ops.add(ops.mul(kept, cell), ops.mul(added, candidates.get(t)));
        });
    }

    private interface Step {
        Value next(int step, Value cell);
    }

    /** The cell states behind each step; behind the end of a sequence the state stays. */
    private Value inOrder(Step step) {
        List<Value> masks = direction.mask().map(direction::steps).orElse(List.of());
        Value[] all = new Value[direction.time()];
        Value cell = direction.initialCell();
        for (int t : direction.order()) {
            Value next = step.next(t, cell);
            cell = masks.isEmpty() ? next : ops.add(cell, ops.mul(masks.get(t), ops.sub(next, cell)));
            all[t] = cell;
        }
        return ops.concat(0, Arrays.asList(all));
    }
}
