package io.squisher.onnx.fisher.rules;

import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gather from a table of weights: an embedding, whose gradient has rows only for the tokens of the example. */
final class GatherExampleRule implements ExampleGradientRule {
    @Override
    public Optional<ExampleGradient> apply(RuleContext c, int position) {
        boolean table = position == 0
                && c.axis(c.attributes().integer("axis", 0), c.x(0).rank()) == 0
                && c.x(1).shape().hasExamples();
        if (!table) {
            return Optional.empty();
        }
        Ops ops = c.ops();
        Value indices = ExampleFirst.of(ops, c.x(1));
        long tokens = indices.shape().sizePerExample();
        long width = c.x(0).shape().product(1, c.x(0).rank());
        // dy is [indices…, width…]: the same split and move brings its examples to the front.
        Value dy = ExampleFirst.of(ops, c.dy());
        return Optional.of(new Rows(
                ops.reshape(indices, TensorShape.perExample(tokens)),
                ops.reshape(dy, TensorShape.perExample(tokens, width)),
                c.x(0).shape()));
    }

    private record Rows(Value indices, Value gradients, TensorShape table) implements ExampleGradient, RowGradient {
        /** As a product with the one-hot matrix of the tokens; only for tables that are used elsewhere too. */
        @Override
        public Value perExample(Ops ops) {
            Value rows = ops.matMul(ops.transpose(oneHot(ops), 0, 2, 1), gradients);
            return ops.reshape(rows, TensorShape.perExample(table));
        }

        @Override
        public Optional<Factors> factors(Ops ops) {
            return table.rank() == 2 ? Optional.of(new Factors(oneHot(ops), gradients)) : Optional.empty();
        }

        /** {@code [N, tokens, rows]}. */
        private Value oneHot(Ops ops) {
            List<Dim> dims = new ArrayList<>(indices.shape().dims());
            dims.add(table.dim(0));
            return ops.emitter()
                    .node(
                            "OneHot",
                            new TensorShape(dims),
                            Attributes.NONE.with("axis", -1L),
                            indices,
                            ops.integer(table.size(0)),
                            ops.floats(0, 1));
        }

        /** Only the rows of the tokens are looked at, and only their weights. */
        @Override
        public Value weightedNorms(Ops ops, Optional<Value> weights, int batch) {
            EqualRows equal = EqualRows.of(ops, this, table.size(0));
            Value squares = equal.squares();
            Value weighted = weights.map(given -> ops.mul(squares, picked(ops, given, equal.row(), squares)))
                    .orElse(squares);
            return ops.reduceSum(weighted, false, 1, 2);
        }

        private Value picked(Ops ops, Value weights, Value row, Value squares) {
            TensorShape matrix = TensorShape.of(table.dim(0), squares.shape().dim(2));
            return ops.emitter()
                    .node(
                            "Gather",
                            squares.shape(),
                            Attributes.NONE.with("axis", 0),
                            ops.reshape(weights, matrix),
                            row);
        }

        @Override
        public String path() {
            return "rows of the tokens";
        }
    }
}
