package io.squisher.onnx.fisher.likelihood;

import io.squisher.Counted;
import io.squisher.SquisherException;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Axes;
import io.squisher.onnx.graph.Dim;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Softmax over classes at one or more positions: {@code ∂ log p(y) / ∂z = e_y − p}.
 *
 * <p>The entry of the label is computed as the sum of the other classes' probabilities, not as {@code 1 − p_y}, which
 * float32 would round to 0 for an example that the model is sure of.
 */
public final class CategoricalHead implements LikelihoodHead {
    private final int axis;
    private final long classes;
    private final TensorShape labelShape;
    private final OptionalLong ignoreIndex;

    public CategoricalHead(TensorShape logits, int axis, OptionalLong ignoreIndex) {
        this.axis = Axes.fromFirst(axis, logits.rank());
        if (this.axis < 1 || this.axis >= logits.rank()) {
            throw new SquisherException("the likelihood needs logits [N, …, classes]; the output is " + logits
                    + ", without axis " + axis + " for the classes");
        }
        this.classes = logits.size(this.axis);
        List<Dim> dims = new ArrayList<>(logits.dims());
        dims.remove(this.axis);
        this.labelShape = new TensorShape(dims);
        this.ignoreIndex = ignoreIndex;
    }

    @Override
    public Fed ofLabels(Ops ops, Value labels) {
        Value ones = ops.expandLike(ops.scalar(1), labels);
        if (ignoreIndex.isEmpty()) {
            return new Fed(labels, ones);
        }
        Value ignored = ops.equal(labels, ops.integer(ignoreIndex.getAsLong()));
        return new Fed(ops.where(ignored, ops.integer(0), labels), ops.where(ignored, ops.scalar(0), ones));
    }

    @Override
    public Value labelGradient(Ops ops, Value output, Fed fed) {
        Value logits = ops.moveAxis(output, axis, output.rank() - 1);
        Value p = probabilities(ops, logits);
        Value label = oneHot(ops, logits.shape(), fed.labels());
        return gradient(ops, p, label, fed.mask());
    }

    /** Of class c: √p_c (e_c − p), so that the squares are weighted with p_c. */
    @Override
    public Value expectationGradient(Ops ops, Value output, Fed fed) {
        Value logits = ops.moveAxis(output, axis, output.rank() - 1);
        Value p = probabilities(ops, logits);
        Value label = oneHot(ops, logits.shape(), fed.labels());
        Value ofLabel = ops.reduceSum(ops.mul(p, label), false, p.rank() - 1);
        Value weight = ops.mul(fed.mask(), ops.unary("Sqrt", ofLabel));
        return gradient(ops, p, label, weight);
    }

    /**
     * {@code √(p_j (1 − p_j))}. What the most probable class leaves is added up of the others: {@code 1 − p_j} would be rounding where
     * the model is sure.
     */
    @Override
    public Value rootOfExpectedSquares(Ops ops, Value output, Fed fed) {
        Value logits = ops.moveAxis(output, axis, output.rank() - 1);
        Value p = probabilities(ops, logits);
        int last = p.rank() - 1;
        Value first = ops.emitter()
                .node(
                        "ArgMax",
                        fed.mask().shape(),
                        Attributes.NONE.with("axis", (long) last).with("keepdims", 0L),
                        p);
        Value most = oneHot(ops, p.shape(), first);
        Value others = ops.mul(p, ops.sub(ops.scalar(1), most));
        Value left = ops.add(
                ops.mul(most, ops.reduceSum(others, true, last)),
                ops.mul(ops.sub(ops.scalar(1), most), ops.sub(ops.scalar(1), p)));
        Value root = ops.unary("Sqrt", ops.mul(p, left));
        Value counted = ops.mul(root, ops.unsqueeze(fed.mask(), fed.mask().rank()));
        return ops.moveAxis(counted, last, axis);
    }

    private static Value probabilities(Ops ops, Value logits) {
        return ops.emitter().node("Softmax", logits.shape(), Attributes.NONE.with("axis", -1L), logits);
    }

    private Value oneHot(Ops ops, TensorShape logits, Value labels) {
        return ops.emitter()
                .node(
                        "OneHot",
                        logits,
                        Attributes.NONE.with("axis", -1L),
                        labels,
                        ops.integer(classes),
                        ops.floats(0, 1));
    }

    private Value gradient(Ops ops, Value p, Value label, Value weight) {
        Value others = ops.mul(p, ops.sub(ops.scalar(1), label));
        Value sum = ops.reduceSum(others, true, p.rank() - 1);
        Value gradient = ops.sub(ops.mul(label, sum), others);
        Value weighted = ops.mul(gradient, ops.unsqueeze(weight, weight.rank()));
        return ops.moveAxis(weighted, p.rank() - 1, axis);
    }

    @Override
    public long passes() {
        return Math.multiplyExact(classes, positions());
    }

    private long positions() {
        return labelShape.sizePerExample();
    }

    @Override
    public Map<String, Tensor> targets(Tensor labels, long firstExample, int valid) {
        long[] given = labels.toLongs();
        int positions = Math.toIntExact(positions());
        long[] fed = new long[given.length];
        float[] mask = new float[given.length];
        for (int i = 0; i < given.length; i++) {
            boolean counts = i / positions < valid && !isIgnored(given[i]);
            if (counts && (given[i] < 0 || given[i] >= classes)) {
                throw new SquisherException("label " + given[i] + " of example " + (firstExample + i / positions)
                        + " is out of range: the output has " + Counted.of(classes, "class", "classes") + ", 0 to "
                        + (classes - 1)
                        + (ignoreIndex.isPresent() ? ", and " + ignoreIndex.getAsLong() + " is ignored" : ""));
            }
            fed[i] = counts ? given[i] : 0;
            mask[i] = counts ? 1 : 0;
        }
        return Map.of(LABELS, Tensor.of(labels.shape(), fed), MASK, Tensor.of(labels.shape(), mask));
    }

    @Override
    public Map<String, Tensor> targetsOfPass(long pass, Tensor labels, int rows, int valid) {
        int positions = Math.toIntExact(positions());
        long label = pass % classes;
        int position = (int) (pass / classes);
        long[] given = labels == null ? null : labels.toLongs();
        long[] fed = new long[rows * positions];
        float[] mask = new float[rows * positions];
        java.util.Arrays.fill(fed, label);
        for (int row = 0; row < valid; row++) {
            int i = row * positions + position;
            mask[i] = given == null || !isIgnored(given[i]) ? 1 : 0;
        }
        Shape shape = shape(rows);
        return Map.of(LABELS, Tensor.of(shape, fed), MASK, Tensor.of(shape, mask));
    }

    @Override
    public Map<String, Tensor> targetsOfAllPasses(Tensor labels, int rows) {
        long[] given = labels == null ? new long[Math.toIntExact(rows * positions())] : labels.toLongs();
        float[] mask = new float[given.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = labels == null || !isIgnored(given[i]) ? 1 : 0;
        }
        Shape shape = shape(rows);
        return Map.of(LABELS, Tensor.of(shape, new long[mask.length]), MASK, Tensor.of(shape, mask));
    }

    /** The most probable classes under the model's output. */
    public TopClasses topClasses(Tensor output, int top) {
        int behind = 1;
        for (int i = axis + 1; i < output.shape().rank(); i++) {
            behind *= (int) output.shape().dim(i);
        }
        double[] logits = output.toDoubles();
        int count = Math.toIntExact(classes);
        return TopClasses.of(new TopClasses.Logits(logits, count, logits.length / count, behind), top);
    }

    private boolean isIgnored(long label) {
        return ignoreIndex.isPresent() && label == ignoreIndex.getAsLong();
    }

    private Shape shape(int rows) {
        return Shape.of(labelShape.dims().stream()
                .mapToLong(dim -> dim.perExample() ? rows : dim.factor())
                .toArray());
    }

    @Override
    public Tensor draw(Tensor output, List<? extends RandomGenerator> generators) {
        double[] logits = output.toDoubles();
        int rows = generators.size();
        int behind = 1;
        for (int i = axis + 1; i < output.shape().rank(); i++) {
            behind *= (int) output.shape().dim(i);
        }
        int perExample = Math.toIntExact(positions());
        long[] labels = new long[rows * perExample];
        for (int i = 0; i < labels.length; i++) {
            int before = i / behind;
            int first = (int) (before * classes * behind) + i % behind;
            labels[i] = draw(logits, first, behind, generators.get(i / perExample));
        }
        return Tensor.of(shape(rows), labels);
    }

    /** The first class at which the running sum of the probabilities passes a uniform number. */
    private long draw(double[] logits, int first, int step, RandomGenerator generator) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            largest = Math.max(largest, logits[first + c * step]);
        }
        double total = 0;
        for (int c = 0; c < classes; c++) {
            total += Math.exp(logits[first + c * step] - largest);
        }
        double threshold = generator.nextDouble() * total;
        double sum = 0;
        for (int c = 0; c < classes - 1; c++) {
            sum += Math.exp(logits[first + c * step] - largest);
            if (sum > threshold) {
                return c;
            }
        }
        return classes - 1;
    }

    @Override
    public ElementType labelType() {
        return ElementType.I64;
    }

    @Override
    public TensorShape labelShape() {
        return labelShape;
    }
}
