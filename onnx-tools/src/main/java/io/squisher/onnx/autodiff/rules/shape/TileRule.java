package io.squisher.onnx.autodiff.rules.shape;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;

/** Gradient of Tile: the sum over the copies. */
public final class TileRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        TensorShape x = c.x(0).shape();
        List<Dim> dims = new ArrayList<>();
        List<Integer> copies = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            Dim dim = x.dim(axis);
            long repeats = x.size(axis) == 0 ? 1 : c.y(0).shape().size(axis) / x.size(axis);
            if (dim.perExample() && repeats != 1) {
                throw c.refuse("repeats the examples, which makes more of them");
            }
            if (repeats != 1) {
                copies.add(dims.size());
                dims.add(Dim.of(repeats));
            }
            dims.add(dim);
        }
        Value split = c.ops().reshape(c.dy(), new TensorShape(dims));
        int[] axes = copies.stream().mapToInt(Integer::intValue).toArray();
        return Gradients.of(c.ops().reduceSum(split, false, axes));
    }
}
