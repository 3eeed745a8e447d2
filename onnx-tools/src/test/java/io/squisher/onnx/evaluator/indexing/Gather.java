package io.squisher.onnx.evaluator.indexing;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.OperatorCall;
import io.squisher.onnx.evaluator.Value;
import java.util.Arrays;

/** Gather, GatherElements and GatherND; negative indices count from the end. */
public final class Gather {
    private Gather() {}

    static Value evaluate(OperatorCall call) {
        return along(
                call.input(0), Dims.axis(call.integer("axis", 0), call.input(0).rank()), call.input(1));
    }

    /** The slices of {@code data} along an axis, which the shape of the indices replaces. */
    public static Value along(Value data, int axis, Value indices) {
        int[] before = Arrays.copyOf(data.dims(), axis);
        int[] after = Arrays.copyOfRange(data.dims(), axis + 1, data.rank());
        return data.select(axis, positions(indices, data.dim(axis)))
                .reshaped(Dims.concat(Dims.concat(before, indices.dims()), after));
    }

    /** GatherElements: the element at the own position but for the index along the axis. */
    static Value elements(OperatorCall call) {
        Value data = call.input(0);
        int axis = Dims.axis(call.integer("axis", 0), data.rank());
        return data.gathered(call.input(1).dims(), elementTargets(data, call.input(1), axis));
    }

    /** For each index the flat position in {@code data} that it means in GatherElements and ScatterElements. */
    static int[] elementTargets(Value data, Value indices, int axis) {
        int[] strides = Dims.strides(data.dims());
        int[] targets = positions(indices, data.dim(axis));
        for (int i = 0; i < targets.length; i++) {
            int[] at = Dims.unravel(i, indices.dims());
            at[axis] = targets[i];
            targets[i] = Dims.ravel(at, strides);
        }
        return targets;
    }

    /** GatherND: the last axis of the indices holds coordinates behind {@code batch_dims} shared axes. */
    static Value nd(OperatorCall call) {
        Value data = call.input(0);
        Value indices = call.input(1);
        int batchDims = call.integer("batch_dims", 0);
        int depth = batchDims + indices.dim(-1);
        int[] slice = Arrays.copyOfRange(data.dims(), depth, data.rank());
        int[] starts = sliceStarts(data, indices, batchDims);
        int length = Dims.size(slice);
        int[] sources = new int[starts.length * length];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = starts[i / length] + i % length;
        }
        return data.gathered(Dims.concat(Arrays.copyOf(indices.dims(), indices.rank() - 1), slice), sources);
    }

    /** For each tuple of coordinates the flat position where its slice of {@code data} starts. */
    static int[] sliceStarts(Value data, Value indices, int batchDims) {
        int[] strides = Dims.strides(data.dims());
        int coordinates = indices.dim(-1);
        int[] outer = Arrays.copyOf(indices.dims(), indices.rank() - 1);
        int[] starts = new int[Dims.size(outer)];
        for (int i = 0; i < starts.length; i++) {
            int[] at = Dims.unravel(i, outer);
            for (int axis = 0; axis < batchDims; axis++) {
                starts[i] += at[axis] * strides[axis];
            }
            for (int k = 0; k < coordinates; k++) {
                int axis = batchDims + k;
                starts[i] += position(indices.longAt(i * coordinates + k), data.dim(axis)) * strides[axis];
            }
        }
        return starts;
    }

    private static int[] positions(Value indices, int dim) {
        return Arrays.stream(indices.longs())
                .mapToInt(index -> position(index, dim))
                .toArray();
    }

    private static int position(long index, int dim) {
        if (index < -dim || index >= dim) {
            throw new IllegalArgumentException("index " + index + " is outside a dimension of " + dim);
        }
        return (int) (index < 0 ? index + dim : index);
    }
}
