package io.squisher.onnx.autodiff.rules.sampling;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;

/**
 * Gradient of RoiAlign that averages. Bilinear samples weigh rows and columns apart: region r of image n is {@code Y_r = A_r
 * X_n B_r}, so {@code dX_n = Σ_r A_rᵀ dY_r B_rᵀ}. A_r is what RoiAlign itself makes of images that are 1 in one row, however
 * many samples it takes; B_r of those that are 1 in one column. The regions have no gradient, as in PyTorch.
 */
public final class RoiAlignRule implements GradientRule {
    private static final int ROWS = 2;
    private static final int COLUMNS = 3;

    @Override
    public Gradients apply(RuleContext c) {
        if (!c.attributes().string("mode", "avg").equals("avg")) {
            throw c.refuse("takes the largest of its samples, which has no gradient here; that of mode 'avg' has");
        }
        Ops ops = c.ops();
        Value x = c.x(0);
        Value rows = weights(c, ROWS);
        Value columns = weights(c, COLUMNS);
        Value byRow = ops.matMul(ops.unsqueeze(rows, 1), c.dy());
        Value ofRegions = ops.matMul(byRow, ops.unsqueeze(ops.transposeLastTwo(columns), 1));
        Value images = ops.unsqueeze(ops.cast(c.x(2), DataType.INT64_VALUE), 1);
        return Gradients.of(ops.emitter()
                .node(
                        "ScatterND",
                        x.shape(),
                        Attributes.NONE.with("reduction", "add"),
                        ops.zeros(x.shape(), x),
                        images,
                        ofRegions));
    }

    /** How much each row or column counts in each cell: {@code [regions, size, cells]}. */
    private static Value weights(RuleContext c, int axis) {
        Ops ops = c.ops();
        boolean ofRows = axis == ROWS;
        int size = (int) c.x(0).shape().size(axis);
        float[] pictures = new float[size * size];
        for (int i = 0; i < size; i++) {
            pictures[i * size + i] = 1;
        }
        Shape shape = ofRows ? Shape.of(1, size, size, 1) : Shape.of(1, size, 1, size);
        // Along the other axis one pixel, in which the region lies.
        float pixel = 1 / c.attributes().number("spatial_scale", 1);
        Value along = ofRows ? ops.floats(0, 1, 0, 1) : ops.floats(1, 0, 1, 0);
        Value across = ofRows ? ops.floats(0, 0, pixel, 0) : ops.floats(0, 0, 0, pixel);
        Value regions = ops.add(ops.mul(c.x(1), along), across);
        Value image = ops.mul(c.x(2), ops.integer(0));
        Dim cells = c.dy().shape().dim(axis);
        TensorShape result = TensorShape.of(
                c.x(1).shape().dim(0), Dim.of(size), ofRows ? cells : Dim.of(1), ofRows ? Dim.of(1) : cells);
        Attributes attributes = c.attributes().with(ofRows ? "output_width" : "output_height", 1L);
        Value weights = ops.emitter()
                .node(
                        "RoiAlign",
                        result,
                        attributes,
                        ops.emitter().constant(Tensor.of(shape, pictures)),
                        regions,
                        image);
        return ops.reshape(weights, TensorShape.of(c.x(1).shape().dim(0), Dim.of(size), cells));
    }
}
