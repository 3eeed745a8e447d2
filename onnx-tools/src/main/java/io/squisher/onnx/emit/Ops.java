package io.squisher.onnx.emit;

import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The operators that gradients are written in, typed, each with the shape of its result. */
public final class Ops {
    private final Emitter emitter;
    private final Map<String, Value> reshaped = new HashMap<>();
    private final LeadingSum leadingSum = new LeadingSum();
    private Value onePerExample;

    public Ops(Emitter emitter) {
        this.emitter = emitter;
    }

    public Emitter emitter() {
        return emitter;
    }

    // Elementwise, with broadcasting.

    public Value add(Value a, Value b) {
        return broadcast("Add", a, b);
    }

    public Value sub(Value a, Value b) {
        return broadcast("Sub", a, b);
    }

    public Value mul(Value a, Value b) {
        return broadcast("Mul", a, b);
    }

    public Value div(Value a, Value b) {
        return broadcast("Div", a, b);
    }

    public Value pow(Value a, Value b) {
        return broadcast("Pow", a, b);
    }

    /** Booleans: a = b. */
    public Value equal(Value a, Value b) {
        return broadcast("Equal", a, b);
    }

    /** Booleans: a &gt; b. */
    public Value greater(Value a, Value b) {
        return broadcast("Greater", a, b);
    }

    /** Booleans: a &lt; b. */
    public Value less(Value a, Value b) {
        return broadcast("Less", a, b);
    }

    /** Any operator of two broadcast inputs. */
    public Value broadcast(String op, Value a, Value b) {
        return emitter.node(op, TensorShape.broadcast(a.shape(), b.shape()), Attributes.NONE, a, b);
    }

    /** {@code a} where the condition holds, else {@code b}. */
    public Value where(Value condition, Value a, Value b) {
        TensorShape shape = TensorShape.broadcast(condition.shape(), TensorShape.broadcast(a.shape(), b.shape()));
        return emitter.node("Where", shape, Attributes.NONE, condition, a, b);
    }

    /** Any operator of one input that keeps its shape: Neg, Exp, Sqrt, Tanh, … */
    public Value unary(String op, Value x) {
        return emitter.node(op, x.shape(), Attributes.NONE, x);
    }

    public Value square(Value x) {
        return mul(x, x);
    }

    public Value scale(Value x, double factor) {
        return factor == 1 ? x : mul(x, scalar(factor));
    }

    /** Converts to an ONNX element type. */
    public Value cast(Value x, int onnxType) {
        return emitter.node("Cast", x.shape(), Attributes.NONE.with("to", onnxType), x);
    }

    // Constants.

    /** A float32 scalar. */
    public Value scalar(double value) {
        return emitter.constant(Tensor.of(Shape.of(), (float) value));
    }

    /** A float32 vector. */
    public Value floats(float... values) {
        return emitter.constant(Tensor.of(Shape.of(values.length), values));
    }

    /** An int64 vector. */
    public Value integers(long... values) {
        return emitter.constant(Tensor.of(Shape.of(values.length), values));
    }

    /** An int64 scalar. */
    public Value integer(long value) {
        return emitter.constant(Tensor.of(Shape.of(), value));
    }

    // Layout.

    /** Orders the axes anew: axis i of the result is axis {@code permutation[i]} of {@code x}. */
    public Value transpose(Value x, int... permutation) {
        if (Arrays.equals(permutation, IntStream.range(0, x.rank()).toArray())) {
            return x;
        }
        long[] perm = Arrays.stream(permutation).asLongStream().toArray();
        return emitter.node("Transpose", x.shape().permuted(permutation), Attributes.NONE.with("perm", perm), x);
    }

    /** Swaps the last two axes. */
    public Value transposeLastTwo(Value x) {
        int[] permutation = IntStream.range(0, x.rank()).toArray();
        permutation[x.rank() - 1] = x.rank() - 2;
        permutation[x.rank() - 2] = x.rank() - 1;
        return transpose(x, permutation);
    }

    /** Moves an axis to another place, keeping the order of the others. */
    public Value moveAxis(Value x, int from, int to) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
        order.add(to, order.remove(from));
        return transpose(x, order.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The same elements in another shape; at most one axis of it counts examples. */
    public Value reshape(Value given, TensorShape shape) {
        // Of several in a row only the last counts.
        Value x = reshaped.getOrDefault(given.name(), given);
        if (shape.equals(x.shape())) {
            return x;
        }
        long[] dims = shape.dims().stream()
                .mapToLong(dim -> dim.perExample() ? -1 : dim.factor())
                .toArray();
        boolean empty = Arrays.stream(dims).anyMatch(dim -> dim == 0);
        Attributes attributes = empty ? Attributes.NONE.with("allowzero", 1L) : Attributes.NONE;
        Value result = emitter.node("Reshape", shape, attributes, x, integers(dims));
        reshaped.put(result.name(), x);
        return result;
    }

    /** Adds axes of size 1 in front until the rank is {@code rank}. */
    Value leftPadRank(Value x, int rank) {
        if (x.rank() >= rank) {
            return x;
        }
        List<Dim> dims = new ArrayList<>();
        IntStream.range(x.rank(), rank).forEach(i -> dims.add(Dim.of(1)));
        dims.addAll(x.shape().dims());
        return reshape(x, new TensorShape(dims));
    }

    /** Adds an axis of size 1 at {@code axis}. */
    public Value unsqueeze(Value x, int axis) {
        List<Dim> dims = new ArrayList<>(x.shape().dims());
        dims.add(axis, Dim.of(1));
        return emitter.node("Unsqueeze", new TensorShape(dims), Attributes.NONE, x, integers(axis));
    }

    /** Repeats {@code x} along axes of size 1 until it has the shape of {@code like}. */
    public Value expandLike(Value x, Value like) {
        if (x.shape().equals(like.shape())) {
            return x;
        }
        return emitter.node("Expand", like.shape(), Attributes.NONE, x, shapeOf(like));
    }

    /**
     * Zeros of a shape, float32.
     *
     * @param like a value with as many examples
     */
    public Value zeros(TensorShape shape, Value like) {
        Value dims = integers(shape.dims().stream().mapToLong(Dim::factor).toArray());
        int axis = shape.exampleAxis();
        if (axis >= 0) {
            int counting = like.shape().exampleAxis();
            Value count = slice(shapeOf(like), 0, counting, counting + 1, 1);
            Value factor = integers(shape.size(axis));
            Value size = mul(div(count, integers(like.shape().size(counting))), factor);
            List<Value> parts = new ArrayList<>();
            for (int i = 0; i < shape.rank(); i++) {
                parts.add(i == axis ? size : integers(shape.size(i)));
            }
            dims = concat(0, parts);
        }
        return emitter.node("ConstantOfShape", shape, Attributes.NONE, dims);
    }

    /** The shape as it is when the graph runs: int64 {@code [rank]}. */
    public Value shapeOf(Value x) {
        if (!x.shape().hasExamples()) {
            return integers(x.shape().dims().stream().mapToLong(Dim::factor).toArray());
        }
        return emitter.node("Shape", TensorShape.fixed(x.rank()), Attributes.NONE, x);
    }

    /** Elements {@code start} to {@code end}, excluding {@code end}, of one axis, every {@code step}-th. */
    public Value slice(Value x, int axis, long start, long end, long step) {
        long count = (end - start + step - 1) / step;
        return emitter.node(
                "Slice",
                x.shape().with(axis, Dim.of(count)),
                Attributes.NONE,
                x,
                integers(start),
                integers(end),
                integers(axis),
                integers(step));
    }

    /** {@code x} with an axis in reverse order. */
    public Value reversed(Value x, int axis) {
        if (x.shape().dim(axis).isOne()) {
            return x;
        }
        return emitter.node(
                "Slice",
                x.shape(),
                Attributes.NONE,
                x,
                integers(-1),
                integers(Long.MIN_VALUE),
                integers(axis),
                integers(-1));
    }

    /** The elements at the given indices of one axis, in their order. */
    public Value gather(Value x, int axis, long... indices) {
        return emitter.node(
                "Gather",
                x.shape().with(axis, Dim.of(indices.length)),
                Attributes.NONE.with("axis", axis),
                x,
                integers(indices));
    }

    /** Joins along an axis. */
    public Value concat(int axis, List<Value> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        long total = parts.stream().mapToLong(part -> part.shape().size(axis)).sum();
        return emitter.node(
                "Concat",
                parts.get(0).shape().with(axis, Dim.of(total)),
                Attributes.NONE.with("axis", axis),
                parts.toArray(Value[]::new));
    }

    /** The pieces of {@code x} along an axis, of the given sizes. */
    public List<Value> split(Value x, int axis, long... sizes) {
        List<TensorShape> shapes = Arrays.stream(sizes)
                .mapToObj(size -> x.shape().with(axis, Dim.of(size)))
                .toList();
        return emitter.nodes("Split", shapes, Attributes.NONE.with("axis", axis), x, integers(sizes));
    }

    /** Adds zeros before and behind: {@code before[i]} and {@code behind[i]} of axis i; negative widths cut off. */
    public Value pad(Value x, long[] before, long[] behind) {
        if (Arrays.stream(before).allMatch(w -> w == 0) && Arrays.stream(behind).allMatch(w -> w == 0)) {
            return x;
        }
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            Dim dim = x.shape().dim(axis);
            dims.add(dim.perExample() ? dim : Dim.of(dim.factor() + before[axis] + behind[axis]));
        }
        long[] widths =
                LongStream.concat(Arrays.stream(before), Arrays.stream(behind)).toArray();
        return emitter.node("Pad", new TensorShape(dims), Attributes.NONE, x, integers(widths));
    }

    // Sums and products.

    /** Sums over {@code axes}, which stay as size 1 where {@code keep}. */
    public Value reduceSum(Value x, boolean keep, int... axes) {
        return reduce("ReduceSum", x, keep, axes);
    }

    /** Reduces over {@code axes} by any Reduce operator. */
    public Value reduce(String op, Value x, boolean keep, int... axes) {
        if (axes.length == 0) {
            return x;
        }
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            int at = axis;
            boolean reduced = Arrays.stream(axes).anyMatch(a -> a == at);
            if (!reduced) {
                dims.add(x.shape().dim(axis));
            } else if (keep) {
                dims.add(Dim.of(1));
            }
        }
        return emitter.node(
                op,
                new TensorShape(dims),
                Attributes.NONE.with("keepdims", keep ? 1 : 0),
                x,
                integers(Arrays.stream(axes).asLongStream().toArray()));
    }

    /** Matrix product of the last two axes, the others broadcast. Both have at least rank 2. */
    public Value matMul(Value a, Value b) {
        TensorShape batch = TensorShape.broadcast(
                a.shape().slice(0, a.rank() - 2), b.shape().slice(0, b.rank() - 2));
        List<Dim> dims = new ArrayList<>(batch.dims());
        dims.add(a.shape().dim(-2));
        dims.add(b.shape().dim(-1));
        return emitter.node("MatMul", new TensorShape(dims), Attributes.NONE, a, b);
    }

    /** {@code A' B'} of two matrices, each transposed where said. */
    public Value gemm(Value a, boolean transposeA, Value b, boolean transposeB) {
        TensorShape shape =
                TensorShape.of(a.shape().dim(transposeA ? 1 : 0), b.shape().dim(transposeB ? 0 : 1));
        Attributes attributes =
                Attributes.NONE.with("transA", transposeA ? 1 : 0).with("transB", transposeB ? 1 : 0);
        return emitter.node("Gemm", shape, attributes, a, b);
    }

    /**
     * Sums over the examples: {@code [N, …]} to {@code […]}. As a product with a row of ones, which ONNX Runtime does
     * several times faster than a reduction over the first axis.
     */
    public Value sumOverExamples(Value x) {
        TensorShape rest = x.shape().slice(1, x.rank());
        Value matrix = reshape(x, TensorShape.of(x.shape().dim(0), Dim.of(rest.sizePerExample())));
        return reshape(matMul(onePerExample(x), matrix), rest);
    }

    /** A row of ones, {@code [1, N]}, made once for the graph. */
    private Value onePerExample(Value like) {
        if (onePerExample == null) {
            Value count = slice(shapeOf(like), 0, 0, 1, 1);
            onePerExample = emitter.node(
                    "Expand",
                    TensorShape.of(Dim.of(1), Dim.EXAMPLES),
                    Attributes.NONE,
                    emitter.constant(Tensor.of(Shape.of(1, 1), 1f)),
                    concat(0, List.of(integers(1), count)));
        }
        return onePerExample;
    }

    /**
     * Sums a value down to a shape that broadcasts to it; the example axis, if the target lacks it, goes as well.
     */
    public Value sumTo(Value x, TensorShape target) {
        if (x.shape().equals(target)) {
            return x;
        }
        if (LeadingSum.applies(x.shape(), target)) {
            return leadingSum.of(this, x, target);
        }
        int extra = x.rank() - target.rank();
        List<Integer> axes = new ArrayList<>(IntStream.range(0, extra).boxed().toList());
        for (int axis = 0; axis < target.rank(); axis++) {
            if (target.dim(axis).isOne() && !x.shape().dim(axis + extra).isOne()) {
                axes.add(axis + extra);
            }
        }
        Value summed =
                reduceSum(x, true, axes.stream().mapToInt(Integer::intValue).toArray());
        return reshape(summed, target);
    }
}
