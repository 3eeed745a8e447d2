package io.squisher.onnx.autodiff.rules.indexing;

import io.squisher.onnx.autodiff.GradientRule;
import io.squisher.onnx.autodiff.Gradients;
import io.squisher.onnx.autodiff.RuleContext;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gradient of Gather, {@code Y[a,i,b] = X[a,index[i],b]} with i all axes of the indices: each slice of the output's
 * gradient is added to the slice that it was taken from. The indices have none.
 *
 * <p>Constant indices that take each slice once at most are inverted: a Gather again, instead of additions at places.
 */
public final class GatherRule implements GradientRule {
    @Override
    public Gradients apply(RuleContext c) {
        Ops ops = c.ops();
        Value x = c.x(0);
        int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
        if (x.shape().dim(axis).perExample()) {
            throw c.acrossExamples("picks along the axis of the examples, which mixes them");
        }
        Optional<long[]> constant = c.constant(1).map(Tensor::toLongs);
        if (constant.isPresent() && isRange(constant.get())) {
            return Gradients.of(placed(c, axis, constant.get()));
        }
        Optional<long[]> places =
                constant.flatMap(indices -> inverse(indices, x.shape().size(axis)));
        if (places.isPresent()) {
            return Gradients.of(pickedBack(c, axis, constant.get().length, places.get()));
        }
        if (x.shape().hasExamples() && c.x(1).shape().hasExamples()) {
            throw c.acrossExamples("picks from examples by indices of examples");
        }
        // Scattered along the first axis, where whole slices are rows.
        Value dy = c.dy();
        int indexRank = c.x(1).rank();
        for (int i = 0; i < indexRank; i++) {
            dy = ops.moveAxis(dy, axis + i, i);
        }
        TensorShape rest = moved(x.shape(), axis);
        Value zeros = ops.zeros(rest, x);
        Value scattered = ops.emitter()
                .node(
                        "ScatterND",
                        rest,
                        Attributes.NONE.with("reduction", "add"),
                        zeros,
                        ops.unsqueeze(ops.cast(c.x(1), DataType.INT64_VALUE), indexRank),
                        dy);
        return Gradients.of(ops.moveAxis(scattered, 0, axis));
    }

    /** Indices i, i+1, …: the gradient is padded with zeros on both sides. */
    private static boolean isRange(long[] indices) {
        for (int i = 1; i < indices.length; i++) {
            if (indices[i] != indices[i - 1] + 1) {
                return false;
            }
        }
        return indices.length > 0 && (indices.length == 1 || indices[0] >= 0);
    }

    private static Value placed(RuleContext c, int axis, long[] indices) {
        Value x = c.x(0);
        long size = x.shape().size(axis);
        long first = indices[0] < 0 ? indices[0] + size : indices[0];
        Value dy = c.ops().reshape(c.dy(), x.shape().with(axis, Dim.of(indices.length)));
        long[] before = new long[x.rank()];
        long[] behind = new long[x.rank()];
        before[axis] = first;
        behind[axis] = size - first - indices.length;
        return c.ops().pad(dy, before, behind);
    }

    /**
     * For each slice the place among the indices where it was taken, or the one behind the last where it was not; empty where
     * one was taken twice, or most were not, so that adding is less work.
     */
    private static Optional<long[]> inverse(long[] indices, long size) {
        if (2L * indices.length < size || indices.length > size) {
            return Optional.empty();
        }
        long[] places = new long[(int) size];
        Arrays.fill(places, indices.length);
        for (int i = 0; i < indices.length; i++) {
            int slice = (int) (indices[i] < 0 ? indices[i] + size : indices[i]);
            if (places[slice] != indices.length) {
                return Optional.empty();
            }
            places[slice] = i;
        }
        return Optional.of(places);
    }

    /** Slices that were taken once at most, as by a strided view: each is picked back, or is zero. */
    private static Value pickedBack(RuleContext c, int axis, int taken, long... places) {
        TensorShape shape = c.x(0).shape();
        Value dy = c.ops().reshape(c.dy(), shape.with(axis, Dim.of(taken)));
        if (taken < places.length) {
            long[] before = new long[shape.rank()];
            long[] behind = new long[shape.rank()];
            behind[axis] = 1;
            dy = c.ops().pad(dy, before, behind);
        }
        return c.ops().gather(dy, axis, places);
    }

    private static TensorShape moved(TensorShape shape, int axis) {
        List<Dim> dims = new ArrayList<>(shape.dims());
        dims.add(0, dims.remove(axis));
        return new TensorShape(dims);
    }
}
