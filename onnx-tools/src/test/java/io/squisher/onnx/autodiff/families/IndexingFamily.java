package io.squisher.onnx.autodiff.families;

import static io.squisher.onnx.evaluator.testdata.OneNodeModel.op;

import io.squisher.onnx.evaluator.Dims;
import io.squisher.onnx.evaluator.Value;
import io.squisher.onnx.evaluator.testdata.OneNodeModel;
import io.squisher.tensor.ElementType;
import java.util.Arrays;

/** Operators that read or write at indices, which count from either end. */
final class IndexingFamily {
    private IndexingFamily() {}

    static OneNodeModel gather(Draw d) {
        int rank = d.between(1, 4);
        int[] dims = d.dims(rank);
        int axis = d.axis(rank);
        int at = Math.floorMod(axis, rank);
        return switch (d.between(0, 2)) {
            case 0 ->
                op("Gather", d.oneOf(11, 13))
                        .input(d.normal(dims))
                        .input(d.integers(-dims[at], dims[at] - 1, d.dims(d.between(0, 2))))
                        .with("axis", axis);
            case 1 -> {
                int[] picked = Dims.with(smaller(d, dims), at, d.between(1, 5));
                yield op("GatherElements", d.oneOf(11, 13))
                        .input(d.normal(dims))
                        .input(d.integers(-dims[at], dims[at] - 1, picked))
                        .with("axis", axis);
            }
            default -> {
                int batch = d.between(0, rank - 1);
                int tuple = d.between(1, rank - batch);
                int[] shape = Dims.concat(Arrays.copyOf(dims, batch), Dims.concat(d.dims(d.between(0, 2)), tuple));
                yield op("GatherND", d.oneOf(12, 13))
                        .input(d.normal(dims))
                        .input(tuples(d, shape, Arrays.copyOfRange(dims, batch, rank)))
                        .with("batch_dims", batch);
            }
        };
    }

    private static int[] smaller(Draw d, int[] dims) {
        return Arrays.stream(dims).map(dim -> d.between(1, dim)).toArray();
    }

    /** Indices whose last axis holds one for each of the first axes of {@code dims}. */
    private static Value tuples(Draw d, int[] shape, int[] dims) {
        long[] indices = new long[Dims.size(shape)];
        int tuple = shape[shape.length - 1];
        Arrays.setAll(indices, i -> d.between(-dims[i % tuple], dims[i % tuple] - 1));
        return Value.ints(shape, indices);
    }

    static OneNodeModel scatter(Draw d) {
        return d.coin() ? scatterElements(d) : scatterTuples(d);
    }

    private static OneNodeModel scatterElements(Draw d) {
        int rank = d.between(1, 4);
        int[] dims = d.dims(rank);
        int axis = d.axis(rank);
        int at = Math.floorMod(axis, rank);
        String reduction = d.oneOf("none", "add", "mul", "max", "min");
        int[] shape = smaller(d, dims);
        Value indices = d.integers(-dims[at], dims[at] - 1, shape);
        if (reduction.equals("none")) {
            // Written twice, an element may have either value: one row along the axis keeps them apart.
            shape = Dims.with(shape, at, 1);
            indices = d.integers(-dims[at], dims[at] - 1, shape);
        }
        OneNodeModel model = op("ScatterElements", reduction.equals("none") ? d.oneOf(11, 18) : 18)
                .input(d.normal(dims))
                .input(indices)
                .input(d.normal(shape))
                .with("axis", axis);
        return reduction.equals("none") ? model : model.with("reduction", reduction);
    }

    private static OneNodeModel scatterTuples(Draw d) {
        int rank = d.between(1, 4);
        int[] dims = d.dims(rank);
        int tuple = d.between(1, rank);
        String reduction = d.oneOf("none", "add", "mul", "max", "min");
        int[] outer = reduction.equals("none") ? new int[] {1} : d.dims(d.between(1, 2));
        int[] updates = Dims.concat(outer, Arrays.copyOfRange(dims, tuple, rank));
        OneNodeModel model = op("ScatterND", reduction.equals("none") ? d.oneOf(11, 18) : 18)
                .input(d.normal(dims))
                .input(tuples(d, Dims.concat(outer, tuple), dims))
                .input(d.normal(updates));
        return reduction.equals("none") ? model : model.with("reduction", reduction);
    }

    static OneNodeModel choose(Draw d) {
        int rank = d.between(1, 4);
        int[] dims = d.dims(rank);
        int axis = d.axis(rank);
        int at = Math.floorMod(axis, rank);
        return switch (d.between(0, 2)) {
            case 0 ->
                op("TopK", d.oneOf(10, 11))
                        .input(d.normal(dims))
                        .input(Value.vector(d.between(1, dims[at])))
                        .with("axis", at)
                        .outputs(2);
            case 1 -> {
                boolean flat = d.coin();
                int length = flat ? Dims.size(dims) : dims[at];
                Value chosen = d.integers(0, 1, d.between(1, length));
                long[] truths = chosen.longs().clone();
                truths[d.between(0, truths.length - 1)] = 1;
                OneNodeModel model = op("Compress", 11)
                        .input(d.normal(dims))
                        .input(Value.of(ElementType.BOOL, chosen.dims(), truths));
                yield flat ? model : model.with("axis", axis);
            }
            default -> {
                int depth = d.between(1, 4);
                yield op("OneHot", 11)
                        .input(d.integers(-depth - 1, depth + 1, dims))
                        .input(Value.ints(new int[0], depth))
                        .input(d.normal(2))
                        .with("axis", d.between(-rank - 1, rank));
            }
        };
    }
}
