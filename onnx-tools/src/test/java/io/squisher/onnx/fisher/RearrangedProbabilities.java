package io.squisher.onnx.fisher;

import io.squisher.format.onnx.OnnxTensors;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.TestModel;
import io.squisher.proto.onnx.GraphProto;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.OperatorSetIdProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import io.squisher.proto.onnx.ValueInfoProto;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A random model that ends in probabilities, and in nodes behind them that change no element: as it is, and with their
 * logits (or log-probabilities) in their place. Both draw the same from a generator of the same seed.
 */
final class RearrangedProbabilities {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Random random;
    private final boolean ofProbabilities;
    private String value = "x";
    private long[] shape;
    private int names;
    private final List<String> steps = new ArrayList<>();

    private RearrangedProbabilities(long seed, boolean ofProbabilities) {
        this.random = new Random(seed);
        this.ofProbabilities = ofProbabilities;
    }

    /**
     * What was drawn.
     *
     * @param shape of one example's output
     */
    record Drawn(ModelProto model, long[] shape, List<String> steps) {}

    static Drawn softmax(long seed, boolean ofProbabilities) {
        RearrangedProbabilities drawn = new RearrangedProbabilities(seed, ofProbabilities);
        drawn.hidden();
        drawn.softmax();
        return drawn.finish();
    }

    static Drawn sigmoid(long seed, boolean ofProbabilities) {
        RearrangedProbabilities drawn = new RearrangedProbabilities(seed, ofProbabilities);
        drawn.hidden();
        drawn.sigmoid();
        return drawn.finish();
    }

    private Drawn finish() {
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            step();
        }
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(9)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18))
                .setGraph(graph.addInput(ModelBuilder.input("x", DataType.FLOAT_VALUE, -1, 4))
                        .addOutput(ValueInfoProto.newBuilder().setName(value)))
                .build();
        return new Drawn(model, shape, steps);
    }

    private void hidden() {
        long tokens = 1 + random.nextInt(3);
        long classes = 2 + random.nextInt(2);
        node("MatMul", Attributes.NONE, numbers("W", 4, 5));
        node("Tanh", Attributes.NONE);
        node("MatMul", Attributes.NONE, numbers("V", 5, (int) (tokens * classes)));
        node("Reshape", Attributes.NONE, integers(0, tokens, classes));
        shape = new long[] {tokens, classes};
    }

    private void softmax() {
        int axis = random.nextInt(4) == 0 ? 1 : -1;
        int form = random.nextInt(4);
        steps.add("softmax " + form + " over axis " + axis);
        if (!ofProbabilities) {
            node("LogSoftmax", Attributes.NONE.with("axis", axis));
        } else if (form == 0) {
            node("Softmax", Attributes.NONE.with("axis", axis));
        } else if (form == 1) {
            node("LogSoftmax", Attributes.NONE.with("axis", axis));
            node("Exp", Attributes.NONE);
        } else {
            if (form == 2) {
                String z = value;
                node("ReduceMax", Attributes.NONE, integers(axis));
                String largest = value;
                value = z;
                node("Sub", Attributes.NONE, largest);
            }
            node("Exp", Attributes.NONE);
            String exponentials = value;
            node("ReduceSum", Attributes.NONE, integers(axis));
            String sum = value;
            value = exponentials;
            node("Div", Attributes.NONE, sum);
        }
    }

    private void sigmoid() {
        int form = random.nextInt(4);
        steps.add("sigmoid " + form);
        if (!ofProbabilities) {
            return;
        }
        if (form < 2) {
            node("Sigmoid", Attributes.NONE);
        } else {
            node("Neg", Attributes.NONE);
            node("Exp", Attributes.NONE);
            node("Add", Attributes.NONE, number(1));
            if (form == 2) {
                node("Reciprocal", Attributes.NONE);
            } else {
                String denominator = value;
                value = number(1);
                node("Div", Attributes.NONE, denominator);
            }
        }
    }

    /** A node that changes no probability; of logits it is left out where it would change those. */
    private void step() {
        int axis = random.nextInt(shape.length);
        int kind = random.nextInt(15);
        steps.add("step " + kind + " of " + Arrays.toString(shape) + ", axis " + (axis + 1));
        switch (kind) {
            case 0, 1 -> reshape();
            case 2, 3 -> transpose();
            case 4 -> {
                node("Unsqueeze", Attributes.NONE, integers(axis + 1));
                shape = inserted(axis);
            }
            case 5 -> squeeze(axis);
            case 6 -> {
                node("Flatten", Attributes.NONE.with("axis", 1));
                shape = new long[] {Arrays.stream(shape).reduce(1, (a, b) -> a * b)};
            }
            case 7 -> slice(axis);
            case 8 -> gather(axis);
            case 9 -> swapHalves(axis);
            case 10 -> {
                String self = value;
                node("Concat", Attributes.NONE.with("axis", axis + 1), self);
                shape[axis] *= 2;
            }
            case 11 -> {
                long[] repeats = new long[shape.length + 1];
                Arrays.fill(repeats, 1);
                repeats[axis + 1] = 1 + random.nextInt(2);
                node("Tile", Attributes.NONE, integers(repeats));
                shape[axis] *= repeats[axis + 1];
            }
            case 12 -> node("Cast", Attributes.NONE.with("to", DataType.FLOAT_VALUE));
            case 13 -> node("Identity", Attributes.NONE);
            default -> onlyOfProbabilities();
        }
    }

    private void onlyOfProbabilities() {
        int kind = random.nextInt(4);
        if (ofProbabilities) {
            switch (kind) {
                case 0 -> node("Clip", Attributes.NONE, number(0), number(1));
                case 1 -> node("Clip", Attributes.NONE, number(1e-7f), number(1 - 1e-7f));
                case 2 -> node("Relu", Attributes.NONE);
                default -> node("Max", Attributes.NONE, number(1e-7f));
            }
        }
    }

    private void reshape() {
        long size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        List<Long> dims = new ArrayList<>();
        while (size > 1) {
            long left = size;
            long[] divisors =
                    LongStream.rangeClosed(2, size).filter(d -> left % d == 0).toArray();
            long divisor = divisors[random.nextInt(divisors.length)];
            dims.add(divisor);
            size /= divisor;
        }
        if (dims.isEmpty() || random.nextInt(4) == 0) {
            dims.add(random.nextInt(dims.size() + 1), 1L);
        }
        shape = dims.stream().mapToLong(Long::longValue).toArray();
        node(
                "Reshape",
                Attributes.NONE,
                integers(LongStream.concat(LongStream.of(0), LongStream.of(shape))
                        .toArray()));
    }

    private void transpose() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            order.add(i);
        }
        java.util.Collections.shuffle(order, random);
        long[] old = shape;
        shape = order.stream().mapToLong(i -> old[i]).toArray();
        node(
                "Transpose",
                Attributes.NONE.with(
                        "perm",
                        LongStream.concat(LongStream.of(0), order.stream().mapToLong(i -> i + 1))
                                .toArray()));
    }

    private void squeeze(int axis) {
        if (shape[axis] != 1 || shape.length == 1) {
            return;
        }
        node("Squeeze", Attributes.NONE, integers(axis + 1));
        long[] old = shape;
        shape = java.util.stream.IntStream.range(0, old.length)
                .filter(i -> i != axis)
                .mapToLong(i -> old[i])
                .toArray();
    }

    private void slice(int axis) {
        if (random.nextBoolean()) {
            node("Slice", Attributes.NONE, integers(-1), integers(Long.MIN_VALUE), integers(axis + 1), integers(-1));
        } else {
            long from = random.nextInt((int) shape[axis]);
            node("Slice", Attributes.NONE, integers(from), integers(shape[axis]), integers(axis + 1));
            shape[axis] -= from;
        }
    }

    private void gather(int axis) {
        long[] indices = new long[(int) shape[axis]];
        boolean reversed = random.nextBoolean();
        for (int i = 0; i < indices.length; i++) {
            indices[i] = reversed ? indices.length - 1 - i : random.nextInt(indices.length);
        }
        node("Gather", Attributes.NONE.with("axis", axis + 1), integers(indices));
    }

    private void swapHalves(int axis) {
        if (shape[axis] < 2) {
            return;
        }
        String first = "v" + names++;
        String second = "v" + names++;
        String sizes = integers(1, shape[axis] - 1);
        graph.addNode(TestModel.nodeProto(
                "Split", value + "," + sizes, first + "," + second, Attributes.NONE.with("axis", axis + 1)));
        value = second;
        node("Concat", Attributes.NONE.with("axis", axis + 1), first);
    }

    private long[] inserted(int axis) {
        List<Long> dims = new ArrayList<>();
        Arrays.stream(shape).forEach(dims::add);
        dims.add(axis, 1L);
        return dims.stream().mapToLong(Long::longValue).toArray();
    }

    private void node(String op, Attributes attributes, String... others) {
        String output = "v" + names++;
        String inputs = others.length == 0 ? value : value + "," + String.join(",", others);
        graph.addNode(TestModel.nodeProto(op, inputs, output, attributes));
        value = output;
    }

    private String integers(long... values) {
        return stored(Tensor.of(Shape.of(values.length), values));
    }

    private String number(float value) {
        return stored(Tensor.of(Shape.of(), value));
    }

    private String stored(Tensor tensor) {
        String name = "c" + names++;
        graph.addInitializer(OnnxTensors.write(name, tensor));
        return name;
    }

    private String numbers(String name, int rows, int columns) {
        Random weights = new Random(name.hashCode());
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) weights.nextGaussian();
        }
        graph.addInitializer(OnnxTensors.write(name, Tensor.of(Shape.of(rows, columns), values)));
        return name;
    }
}
