package io.squisher.onnx.fisher.likelihood;

import io.squisher.SquisherException;
import io.squisher.onnx.emit.Ops;
import io.squisher.onnx.emit.Value;
import io.squisher.onnx.graph.TensorShape;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Outputs that are independent of each other, each with a label of its own: the exact Fisher takes a pass for each. */
abstract sealed class IndependentHead implements LikelihoodHead permits BernoulliHead, GaussianHead {
    private final TensorShape outputs;

    IndependentHead(TensorShape outputs) {
        this.outputs = outputs;
    }

    /** The derivative of the log-likelihood, output by output. */
    abstract Value derivative(Ops ops, Value output, Value labels);

    /** The root of the derivative's expected square, output by output. */
    abstract Value rootOfExpectedSquare(Ops ops, Value output);

    /** Whether a label is possible; null, or what is. */
    abstract String problemWith(double label);

    abstract double draw(double output, RandomGenerator generator);

    @Override
    public Fed ofLabels(Ops ops, Value labels) {
        return new Fed(labels, ops.expandLike(ops.scalar(1), labels));
    }

    @Override
    public Value labelGradient(Ops ops, Value output, Fed fed) {
        return ops.mul(derivative(ops, output, fed.labels()), fed.mask());
    }

    @Override
    public Value expectationGradient(Ops ops, Value output, Fed fed) {
        return ops.mul(rootOfExpectedSquare(ops, output), fed.mask());
    }

    @Override
    public Value rootOfExpectedSquares(Ops ops, Value output, Fed fed) {
        return expectationGradient(ops, output, fed);
    }

    @Override
    public long passes() {
        return outputs.sizePerExample();
    }

    @Override
    public Map<String, Tensor> targets(Tensor labels, long firstExample, int valid) {
        float[] given = labels.toFloats();
        int positions = Math.toIntExact(passes());
        float[] mask = new float[given.length];
        for (int i = 0; i < given.length; i++) {
            mask[i] = i / positions < valid ? 1 : 0;
            String problem = problemWith(given[i]);
            if (problem != null) {
                throw new SquisherException("label " + given[i] + " of example " + (firstExample + i / positions)
                        + " is out of range: " + problem);
            }
        }
        return Map.of(LABELS, labels, MASK, Tensor.of(labels.shape(), mask));
    }

    @Override
    public Map<String, Tensor> targetsOfPass(long pass, Tensor labels, int rows, int valid) {
        int positions = Math.toIntExact(passes());
        float[] mask = new float[rows * positions];
        for (int row = 0; row < valid; row++) {
            mask[(int) (row * positions + pass)] = 1;
        }
        Shape shape = shape(rows);
        return Map.of(LABELS, Tensor.of(shape, new float[mask.length]), MASK, Tensor.of(shape, mask));
    }

    @Override
    public Map<String, Tensor> targetsOfAllPasses(Tensor labels, int rows) {
        float[] mask = new float[Math.toIntExact(rows * passes())];
        Arrays.fill(mask, 1);
        Shape shape = shape(rows);
        return Map.of(LABELS, Tensor.of(shape, new float[mask.length]), MASK, Tensor.of(shape, mask));
    }

    @Override
    public Tensor draw(Tensor output, List<? extends RandomGenerator> generators) {
        double[] values = output.toDoubles();
        int positions = Math.toIntExact(passes());
        float[] labels = new float[values.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (float) draw(values[i], generators.get(i / positions));
        }
        return Tensor.of(shape(generators.size()), labels);
    }

    private Shape shape(int rows) {
        return Shape.of(outputs.dims().stream()
                .mapToLong(dim -> dim.perExample() ? rows : dim.factor())
                .toArray());
    }

    @Override
    public ElementType labelType() {
        return ElementType.F32;
    }

    @Override
    public TensorShape labelShape() {
        return outputs;
    }
}
