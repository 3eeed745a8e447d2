package io.squisher.onnx.fisher.graph;

import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.graph.DependencyAnalysis.Use;
import io.squisher.onnx.fisher.graph.DerivedValues.Step;
import io.squisher.onnx.fisher.graph.DerivedValues.Ways;
import io.squisher.onnx.fisher.graph.UseGradients.Outcome;
import io.squisher.onnx.fisher.rules.ExampleGradient;
import io.squisher.onnx.fisher.rules.RowGradient;
import io.squisher.onnx.fisher.rules.WeightedNorms;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.onnx.shape.GraphValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code Σ_n g_n²} of one parameter, from the gradients at its uses.
 *
 * <p>With a single use, reached through operators that only move elements, squares are summed where it is used and moved
 * back. With several uses of a matrix that are all products, they are one product ({@link JoinedUses}). Otherwise the gradients
 * of every example are taken back to the parameter, node by node and added up at each value on the way, and squared there. The gradient at a value is the same for all parameters that it is derived from, and is
 * computed once.
 */
final class ParameterSquares {
    private final GraphValues values;
    private final DerivedValues derived;
    private final UseGradients useGradients;
    private final DerivedGradient derivedGradient;
    private final Ops ops;
    private final int batch;
    private final Map<Use, Outcome> outcomes = new HashMap<>();
    private final Map<String, AtValue> gradients = new HashMap<>();

    /** The result for a parameter. */
    sealed interface Result {
        /** No gradient reaches the parameter. */
        record Unreached() implements Result {}

        /** {@code Σ_n g_n²} in the parameter's shape, and how it came about. */
        record Squares(Value sumOfSquares, String path) implements Result {}

        /** {@code Σ_j w_j g_nj²} of each example, {@code [N]}. */
        record Norms(Value norms, String path) implements Result {}

        /** The squares of rows have to be summed outside the graph. */
        record Rows(RowGradient gradient, String path) implements Result {}

        /** There is no per-example way; {@code reason} names the operator in it. */
        record NeedsSingleExamples(String reason) implements Result {}
    }

    /** What arrives at a derived value: a gradient {@code [N, value…]} of each example, none, or no way for it. */
    private sealed interface AtValue {
        record Nothing() implements AtValue {}

        record PerExample(Value gradient) implements AtValue {}

        record NoWay(Node through) implements AtValue {}
    }

    ParameterSquares(
            GraphValues values,
            DependencyAnalysis dependencies,
            UseGradients useGradients,
            DerivedGradient derivedGradient,
            Ops ops,
            int batch) {
        this.values = values;
        this.derived = new DerivedValues(values.graph().nodes(), dependencies);
        this.useGradients = useGradients;
        this.derivedGradient = derivedGradient;
        this.ops = ops;
        this.batch = batch;
    }

    /** The sum of squares of one parameter. */
    Result of(String parameter) {
        Ways ways = derived.from(parameter);
        Meeting meeting = meeting(ways);
        if (meeting.ending().isPresent()) {
            return meeting.ending().get();
        }
        if (meeting.only().isPresent()) {
            ExampleGradient gradient = meeting.only().get();
            if (meeting.steps().isEmpty() && gradient instanceof RowGradient rows) {
                return new Result.Rows(rows, gradient.path());
            }
            if (meeting.steps().stream().allMatch(step -> DerivedGradient.moves(step.node()))) {
                return moved(gradient, meeting.steps());
            }
        }
        Optional<ExampleGradient> joined = joined(parameter, ways);
        return joined.isPresent()
                ? new Result.Squares(joined.get().sumOfSquares(ops, batch), joinedPath(ways))
                : summedBeforeSquaring(parameter, ways);
    }

    /**
     * The weighted norms of one parameter's gradients.
     *
     * @param weights in the parameter's shape; empty for ones
     */
    Result norms(String parameter, Optional<Value> weights) {
        Ways ways = derived.from(parameter);
        Meeting meeting = meeting(ways);
        if (meeting.ending().isPresent()) {
            return meeting.ending().get();
        }
        if (meeting.only().isPresent()) {
            ExampleGradient gradient = meeting.only().get();
            Optional<MovedWeights> there = MovedWeights.along(meeting.steps(), weights, values, ops);
            if (there.isPresent()) {
                return new Result.Norms(gradient.weightedNorms(ops, there.get().weights(), batch), gradient.path());
            }
        }
        Optional<ExampleGradient> joined = joined(parameter, ways);
        if (joined.isPresent()) {
            return new Result.Norms(joined.get().weightedNorms(ops, weights, batch), joinedPath(ways));
        }
        AtValue arrived = arrived(parameter, ways);
        if (arrived instanceof AtValue.PerExample found) {
            Value gradient = ops.reshape(found.gradient(), TensorShape.perExample(values.shape(parameter)));
            return new Result.Norms(WeightedNorms.of(ops, gradient, weights), path(ways));
        }
        return arrived instanceof AtValue.NoWay none ? noWay(none.through()) : new Result.Unreached();
    }

    /**
     * How a parameter meets the examples.
     *
     * @param ending the result where that ends it
     * @param only the gradient where there is a single way to a single use, along {@code steps}
     */
    private record Meeting(Optional<Result> ending, Optional<ExampleGradient> only, List<Step> steps) {}

    private Meeting meeting(Ways ways) {
        long count = 0;
        Use last = null;
        for (Use use : ways.uses()) {
            Outcome outcome = outcome(use);
            if (outcome instanceof Outcome.OnlySummed) {
                Result ending = new Result.NeedsSingleExamples("no per-example rule for " + use.node());
                return new Meeting(Optional.of(ending), Optional.empty(), List.of());
            }
            if (outcome instanceof Outcome.PerExample) {
                count += ways.to(use.value());
                last = use;
            }
        }
        if (count == 0) {
            return new Meeting(Optional.of(new Result.Unreached()), Optional.empty(), List.of());
        }
        return count > 1
                ? new Meeting(Optional.empty(), Optional.empty(), List.of())
                : new Meeting(
                        Optional.empty(),
                        Optional.of(((Outcome.PerExample) outcome(last)).gradient()),
                        ways.only(last.value()));
    }

    private Outcome outcome(Use use) {
        return outcomes.computeIfAbsent(use, useGradients::at);
    }

    private Result moved(ExampleGradient gradient, List<Step> steps) {
        Value squares = gradient.sumOfSquares(ops, batch);
        Value at = ops.reshape(squares, lead(Dim.of(1), squares.shape()));
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            Optional<Value> back = derivedGradient.back(step.node(), step.output(), step.position(), at);
            if (back.isEmpty()) {
                return noWay(step.node());
            }
            at = back.get();
        }
        return new Result.Squares(ops.reshape(at, at.shape().slice(1, at.rank())), gradient.path());
    }

    /** The gradients of all uses of a matrix as one product. */
    private Optional<ExampleGradient> joined(String parameter, Ways ways) {
        if (values.shape(parameter).rank() != 2) {
            return Optional.empty();
        }
        JoinedUses joined = new JoinedUses(ops);
        for (Use use : ways.uses()) {
            if (outcome(use) instanceof Outcome.PerExample found) {
                if (ways.to(use.value()) > 1) {
                    return Optional.empty();
                }
                joined.add(found.gradient(), ways.only(use.value()));
            }
        }
        return joined.sum();
    }

    private Result summedBeforeSquaring(String parameter, Ways ways) {
        AtValue arrived = arrived(parameter, ways);
        if (arrived instanceof AtValue.NoWay none) {
            return noWay(none.through());
        }
        if (!(arrived instanceof AtValue.PerExample found)) {
            return new Result.Unreached();
        }
        Value squares = ops.sumOverExamples(ops.square(found.gradient()));
        return new Result.Squares(ops.reshape(squares, values.shape(parameter)), path(ways));
    }

    private AtValue arrived(String parameter, Ways ways) {
        ways.lastFirst().forEach(value -> gradients.computeIfAbsent(value, this::arriving));
        return gradients.get(parameter);
    }

    private String path(Ways ways) {
        long uses = reached(ways);
        return uses == 1
                ? "per-example gradient through derived values"
                : "per-example gradients of " + uses + " uses, added";
    }

    private long reached(Ways ways) {
        return ways.uses().stream()
                .filter(use -> outcome(use) instanceof Outcome.PerExample)
                .count();
    }

    private String joinedPath(Ways ways) {
        return "per-example product over " + reached(ways) + " uses";
    }

    private static Result noWay(Node through) {
        return new Result.NeedsSingleExamples("reached through " + through);
    }

    /** Adds up what comes from the uses of a value and from the values that are derived from it. */
    private AtValue arriving(String value) {
        List<Value> summands = new ArrayList<>();
        for (Use use : derived.usesOf(value)) {
            if (outcome(use) instanceof Outcome.PerExample found) {
                summands.add(found.gradient().perExample(ops));
            }
        }
        for (Step step : derived.stepsFrom(value)) {
            AtValue after = gradients.get(step.result());
            if (after instanceof AtValue.NoWay) {
                return after;
            }
            if (after instanceof AtValue.PerExample found) {
                Optional<Value> back =
                        derivedGradient.back(step.node(), step.output(), step.position(), found.gradient());
                if (back.isEmpty()) {
                    return new AtValue.NoWay(step.node());
                }
                summands.add(back.get());
            }
        }
        return summands.stream()
                .reduce(ops::add)
                .<AtValue>map(AtValue.PerExample::new)
                .orElseGet(AtValue.Nothing::new);
    }

    private static TensorShape lead(Dim leading, TensorShape shape) {
        List<Dim> dims = new ArrayList<>();
        dims.add(leading);
        dims.addAll(shape.dims());
        return new TensorShape(dims);
    }
}
