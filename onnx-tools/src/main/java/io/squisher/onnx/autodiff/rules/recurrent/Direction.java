package io.squisher.onnx.autodiff.rules.recurrent;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What one direction of a recurrent node reads and left: values are {@code [T, N, …]}, in the order of time. */
final class Direction {
    private static final int WEIGHTS = 1;
    private static final int RECURRENT = 2;
    private static final int BIAS = 3;
    private static final int LENGTHS = 4;
    private static final int HIDDEN = 5;
    private static final int CELL = 6;
    private static final int PEEPHOLES = 7;

    private final RuleContext context;
    private final Ops ops;
    private final int index;
    private final int gates;
    private final List<GateActivation.Tuned> activations;
    private final boolean backwards;

    Direction(RuleContext context, int index, Cell cell) {
        this.context = context;
        this.ops = context.ops();
        this.index = index;
        this.gates = cell.gates();
        this.activations = GateActivation.of(context, index, cell.activations());
        this.backwards = index == 1
                || context.attributes().string("direction", "forward").equals("reverse");
    }

    Ops ops() {
        return ops;
    }

    int time() {
        return (int) context.x(0).shape().size(0);
    }

    int units() {
        return (int) context.x(RECURRENT).shape().size(2);
    }

    /** Whether the last step is taken first. */
    boolean backwards() {
        return backwards;
    }

    /** {@code [G·H, I]}. */
    Value weights() {
        return part(context.x(WEIGHTS));
    }

    /** {@code [G·H, H]}. */
    Value recurrent() {
        return part(context.x(RECURRENT));
    }

    /** X Wᵀ plus the input biases: {@code [T, N, G·H]}. */
    Value inputs() {
        Value product = ops.matMul(context.x(0), ops.transpose(weights(), 1, 0));
        return context.has(BIAS) ? ops.add(product, bias(0)) : product;
    }

    /** {@code hidden · Rᵀ} plus the recurrent biases, for rows {@code from} to {@code to} gates. */
    Value recurrences(Value hidden, int from, int to) {
        Value rows = ops.slice(recurrent(), 0, (long) from * units(), (long) to * units(), 1);
        Value product = ops.matMul(hidden, ops.transpose(rows, 1, 0));
        return context.has(BIAS)
                ? ops.add(product, ops.slice(bias(gates), 0, (long) from * units(), (long) to * units(), 1))
                : product;
    }

    private Value bias(int firstGate) {
        long start = (long) firstGate * units();
        return ops.slice(part(context.x(BIAS)), 0, start, start + (long) gates * units(), 1);
    }

    /** This direction's part of a tensor with directions as first axis. */
    private Value part(Value all) {
        return ops.reshape(ops.slice(all, 0, index, index + 1, 1), all.shape().slice(1, all.rank()));
    }

    private TensorShape state() {
        return TensorShape.of(Dim.of(1), context.x(0).shape().dim(1), Dim.of(units()));
    }

    /** The state before the first step: {@code [1, N, H]}. */
    Value initialHidden() {
        return initial(HIDDEN);
    }

    Value initialCell() {
        return initial(CELL);
    }

    private Value initial(int position) {
        return context.has(position)
                ? ops.slice(context.x(position), 0, index, index + 1, 1)
                : ops.zeros(state(), context.x(0));
    }

    /** The hidden states behind each step. */
    Value hidden() {
        return ofSteps(context.y(0));
    }

    private Value ofSteps(Value all) {
        Value own = ops.slice(all, 1, index, index + 1, 1);
        return ops.reshape(
                own,
                TensorShape.of(
                        all.shape().dim(0), all.shape().dim(2), all.shape().dim(3)));
    }

    /** The hidden states before each step. */
    Value hiddenBefore() {
        Value before = before(hidden(), initialHidden());
        if (!context.has(LENGTHS) || !backwards) {
            return before;
        }
        // Taken backwards, a sequence starts at its own last step: what is behind it is the initial state.
        Value follows = ops.less(stepNumbers(1), lengths());
        return ops.where(follows, before, initialHidden());
    }

    /** States before each step, from those behind each and the first. */
    Value before(Value behind, Value first) {
        if (time() == 1) {
            return first;
        }
        return backwards
                ? ops.concat(0, List.of(ops.slice(behind, 0, 1, time(), 1), first))
                : ops.concat(0, List.of(first, ops.slice(behind, 0, 0, time() - 1L, 1)));
    }

    /** 1 where a step belongs to its sequence, 0 behind its end: {@code [T, N, 1]}; empty where all are of one length. */
    Optional<Value> mask() {
        return context.has(LENGTHS) ? Optional.of(ops.cast(ops.less(stepNumbers(0), lengths()), 1)) : Optional.empty();
    }

    private Value stepNumbers(int offset) {
        long[] numbers = IntStream.range(0, time()).mapToLong(t -> t + offset).toArray();
        return ops.reshape(ops.integers(numbers), TensorShape.fixed(time(), 1, 1));
    }

    private Value lengths() {
        Value lengths = ops.cast(context.x(LENGTHS), 7);
        return ops.reshape(lengths, TensorShape.of(Dim.of(1), lengths.shape().dim(0), Dim.of(1)));
    }

    /** The gradient that arrives at the hidden state behind each step, without those behind the ends of sequences. */
    Optional<Value> outputGradient() {
        Optional<Value> own = context.dy(0).map(this::ofSteps);
        return mask().isPresent() ? own.map(dy -> ops.mul(dy, mask().get())) : own;
    }

    /** The gradient at the last hidden state (output 1) or cell state (output 2): {@code [1, N, H]}. */
    Optional<Value> lastGradient(int output) {
        return context.dy(output).map(dy -> ops.slice(dy, 0, index, index + 1, 1));
    }

    /** A state {@code [1, N, H]} as the steps have it, {@code [N, H]}. */
    Value single(Value state) {
        return ops.reshape(state, state.shape().slice(1, 3));
    }

    /** The gradient {@code [N, H]} of a state that nothing reads. */
    Value noGradient() {
        return ops.zeros(state().slice(1, 3), context.x(0));
    }

    /** Block {@code index} of a value with some of {@code […, H]} one behind the other. */
    Value block(Value x, int index) {
        return ops.slice(x, x.rank() - 1, (long) index * units(), (index + 1L) * units(), 1);
    }

    /** The peephole weights: {@code [3·H]}. */
    Value peepholes() {
        return part(context.x(PEEPHOLES));
    }

    /** The direction's {@code activation}-th function. */
    GateActivation.Tuned activation(int activation) {
        return activations.get(activation);
    }

    /** Whether a gate's slope follows from its value alone. */
    boolean slopesFollowFromValues(int activation) {
        return activation(activation).slopeFollowsFromValue()
                && !context.attributes().has("clip");
    }

    /** What an activation makes of the sums of a gate's inputs, which are clipped before where the node says so. */
    Gate gate(int activation, Value sums) {
        Gate gate = unclipped(activation, clipped(ops, sums));
        if (!context.attributes().has("clip")) {
            return gate;
        }
        Value inside = ops.cast(ops.less(ops.unary("Abs", sums), ops.scalar(bound())), 1);
        return new Gate(gate.value(), ops.mul(gate.slope(), inside));
    }

    /** The value of a gate alone, in a graph inside. */
    Value gateValue(Ops inner, int activation, Value sums) {
        return activation(activation).value(inner, clipped(inner, sums));
    }

    private Value clipped(Ops writer, Value sums) {
        return context.attributes().has("clip")
                ? writer.emitter()
                        .node("Clip", sums.shape(), Attributes.NONE, sums, ops.scalar(-bound()), ops.scalar(bound()))
                : sums;
    }

    private double bound() {
        return context.attributes().number("clip", 0);
    }

    /** What an activation makes of {@code x}. */
    Gate unclipped(int activation, Value x) {
        GateActivation.Tuned function = activation(activation);
        Value value = function.value(ops, x);
        return new Gate(value, function.slope(ops, x, value));
    }

    /** 1 - x. */
    Value complement(Value x) {
        return ops.sub(ops.scalar(1), x);
    }
}
