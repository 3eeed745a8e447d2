package io.squisher.onnx.fisher;

import io.squisher.onnx.autodiff.GraphValues;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.fisher.DependencyAnalysis.Use;
import io.squisher.onnx.fisher.UseGradients.Outcome;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.Node;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code Σ_n g_n²} of one parameter, from the gradients at its uses.
 *
 * <p>With a single use, reached through operators that only move elements, squares are summed where it is used and moved
 * back. Otherwise the gradients of every example are taken back to the parameter and added up over the uses before they
 * are squared.
 */
final class ParameterSquares {
    private final GraphValues values;
    private final DependencyAnalysis dependencies;
    private final UseGradients useGradients;
    private final DerivedGradient derivedGradient;
    private final Ops ops;
    private final int batch;
    private final Map<Use, Outcome> outcomes = new HashMap<>();
    private final Map<String, List<Step>> consumers = new HashMap<>();
    private final Map<String, List<Use>> uses;

    /** A node of derived values that reads one. */
    private record Step(Node node, int position) {}

    /** The result for a parameter. */
    sealed interface Result {
        /** No gradient reaches the parameter. */
        record Unreached() implements Result {}

        /** {@code Σ_n g_n²} in the parameter's shape, and how it came about. */
        record Squares(Value sumOfSquares, String path) implements Result {}

        /** The squares of rows have to be summed outside the graph. */
        record Rows(RowGradient gradient, String path) implements Result {}

        /** There is no per-example way; {@code reason} names the operator in it. */
        record NeedsSingleExamples(String reason) implements Result {}
    }

    ParameterSquares(
            GraphValues values,
            DependencyAnalysis dependencies,
            UseGradients useGradients,
            DerivedGradient derivedGradient,
            Ops ops,
            int batch) {
        this.values = values;
        this.dependencies = dependencies;
        this.useGradients = useGradients;
        this.derivedGradient = derivedGradient;
        this.ops = ops;
        this.batch = batch;
        this.uses = dependencies.usesByValue();
        for (Node node : values.graph().nodes()) {
            if (node.outputs().stream().anyMatch(dependencies.derived()::contains)) {
                for (int i = 0; i < node.inputs().size(); i++) {
                    if (dependencies.derived().contains(node.input(i))) {
                        consumers
                                .computeIfAbsent(node.input(i), missing -> new ArrayList<>())
                                .add(new Step(node, i));
                    }
                }
            }
        }
    }

    /** Computes the result of one parameter. */
    Result of(String parameter) {
        Map<Use, List<List<Step>>> reached = new LinkedHashMap<>();
        collect(parameter, List.of(), reached);
        List<Branch> branches = new ArrayList<>();
        for (Map.Entry<Use, List<List<Step>>> entry : reached.entrySet()) {
            Outcome outcome = outcomes.computeIfAbsent(entry.getKey(), useGradients::at);
            if (outcome instanceof Outcome.OnlySummed) {
                return new Result.NeedsSingleExamples(
                        "no per-example rule for " + entry.getKey().node());
            }
            if (outcome instanceof Outcome.PerExample perExample) {
                entry.getValue()
                        .forEach(steps -> branches.add(new Branch(entry.getKey(), perExample.gradient(), steps)));
            }
        }
        if (branches.isEmpty()) {
            return new Result.Unreached();
        }
        if (branches.size() == 1
                && branches.get(0).steps().isEmpty()
                && branches.get(0).gradient() instanceof RowGradient rows) {
            return new Result.Rows(rows, branches.get(0).gradient().path());
        }
        boolean single = branches.size() == 1
                && branches.get(0).steps().stream().allMatch(step -> DerivedGradient.moves(step.node()));
        return single ? moved(branches.get(0)) : summedBeforeSquaring(parameter, branches);
    }

    /** The gradients at a use, and the steps from the parameter to it. */
    private record Branch(Use use, ExampleGradient gradient, List<Step> steps) {}

    /** Every way from a derived value to a use. */
    private void collect(String value, List<Step> steps, Map<Use, List<List<Step>>> reached) {
        for (Use use : uses.getOrDefault(value, List.of())) {
            reached.computeIfAbsent(use, missing -> new ArrayList<>()).add(steps);
        }
        for (Step step : consumers.getOrDefault(value, List.of())) {
            List<Step> longer = new ArrayList<>(steps);
            longer.add(step);
            for (String output : step.node().outputs()) {
                if (dependencies.derived().contains(output)) {
                    collect(output, longer, reached);
                }
            }
        }
    }

    private Result moved(Branch branch) {
        Value squares = branch.gradient().sumOfSquares(ops, batch);
        TensorShape lifted = lead(Dim.of(1), squares.shape());
        Optional<Value> back = back(branch, ops.reshape(squares, lifted));
        return back.<Result>map(value -> new Result.Squares(
                        ops.reshape(value, value.shape().slice(1, value.rank())),
                        branch.gradient().path()))
                .orElseGet(() -> noWay(branch));
    }

    private Result summedBeforeSquaring(String parameter, List<Branch> branches) {
        Value sum = null;
        for (Branch branch : branches) {
            Optional<Value> back = back(branch, branch.gradient().perExample(ops));
            if (back.isEmpty()) {
                return noWay(branch);
            }
            sum = sum == null ? back.get() : ops.add(sum, back.get());
        }
        Value squares = ops.sumOverExamples(ops.square(sum));
        String path = branches.size() == 1
                ? "per-example gradient through derived values"
                : "per-example gradients of " + branches.size() + " uses, added";
        return new Result.Squares(ops.reshape(squares, values.shape(parameter)), path);
    }

    private static Result noWay(Branch branch) {
        return new Result.NeedsSingleExamples("reached through "
                + branch.steps().stream().map(step -> step.node().toString()).toList());
    }

    private Optional<Value> back(Branch branch, Value gradient) {
        Value at = gradient;
        for (int i = branch.steps().size() - 1; i >= 0; i--) {
            Step step = branch.steps().get(i);
            int output = outputTowards(branch, i);
            Optional<Value> back = derivedGradient.back(step.node(), output, step.position(), at);
            if (back.isEmpty()) {
                return back;
            }
            at = back.get();
        }
        return Optional.of(at);
    }

    /** Which output of step {@code i} the way goes on from. */
    private static int outputTowards(Branch branch, int i) {
        boolean last = i + 1 == branch.steps().size();
        String value = last
                ? branch.use().value()
                : branch.steps()
                        .get(i + 1)
                        .node()
                        .input(branch.steps().get(i + 1).position());
        return branch.steps().get(i).node().outputs().indexOf(value);
    }

    private static TensorShape lead(Dim leading, TensorShape shape) {
        List<Dim> dims = new ArrayList<>();
        dims.add(leading);
        dims.addAll(shape.dims());
        return new TensorShape(dims);
    }
}
