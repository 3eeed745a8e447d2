package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Scan;
import io.squisher.onnx.emit.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        Value inputSums = direction.block(sums, 0);
        Value outputSums = direction.block(sums, 1);
        Value forgetSums = direction.block(sums, 2);
        if (peepholes == null) {
            input = direction.gate(0, inputSums);
            forget = forget(forgetSums);
            cells = cells(input.value(), forget.value());
            cellsBefore = direction.before(cells, direction.initialCell());
            output = direction.gate(0, outputSums);
        } else {
            cells = cellsInOrder(inputSums, forgetSums);
            cellsBefore = direction.before(cells, direction.initialCell());
            input = direction.gate(0, ops.add(inputSums, ops.mul(peepholes.input(), cellsBefore)));
            forget = forget(ops.add(forgetSums, ops.mul(peepholes.forget(), cellsBefore)));
            output = direction.gate(0, ops.add(outputSums, ops.mul(peepholes.output(), cells)));
        }
        bent = direction.unclipped(2, cells);
    }

    private Gate forget(Value sums) {
        return coupled ? new Gate(direction.complement(input.value()), null) : direction.gate(0, sums);
    }

    private Value cells(Value inputs, Value forgets) {
        Value added = ops.mul(inputs, candidate.value());
        return inOrder(
                List.of(forgets, added),
                (inner, cell, slices) -> inner.add(inner.mul(slices.get(0), cell), slices.get(1)));
    }

    /** Adds the peepholes' share to the sums on the way. */
    private Value cellsInOrder(Value inputSums, Value forgetSums) {
        return inOrder(List.of(inputSums, forgetSums, candidate.value()), (inner, cell, slices) -> {
            Value added = direction.gateValue(inner, 0, inner.add(slices.get(0), inner.mul(peepholes.input(), cell)));
            Value kept = coupled
                    ? inner.sub(ops.scalar(1), added)
                    : direction.gateValue(inner, 0, inner.add(slices.get(1), inner.mul(peepholes.forget(), cell)));
            return inner.add(inner.mul(kept, cell), inner.mul(added, slices.get(2)));
        });
    }

    private interface Step {
        Value next(Ops inner, Value cell, List<Value> slices);
    }

    /** The cell states behind each step; behind the end of a sequence the state stays. */
    private Value inOrder(List<Value> sliced, Step step) {
        Optional<Value> mask = direction.mask();
        List<Value> all = new ArrayList<>(sliced);
        mask.ifPresent(all::add);
        Value first = direction.single(direction.initialCell());
        Scan.Result taken = Scan.run(ops, direction.backwards(), List.of(first), all, (inner, states, slices) -> {
            Value cell = states.get(0);
            Value next = step.next(inner, cell, slices);
            Value behind = mask.isEmpty()
                    ? next
                    : inner.add(cell, inner.mul(slices.get(sliced.size()), inner.sub(next, cell)));
            return new Scan.Result(List.of(behind), List.of(behind));
        });
        return taken.collected().get(0);
    }
}
