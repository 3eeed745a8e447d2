package io.squisher.onnx.fisher.labels;

import io.squisher.SquisherException;
import io.squisher.onnx.data.ExamplePlace;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * An array of labels that was checked against a likelihood and an output. Labels of {@code [N, 1]} count as {@code [N]} and
 * the other way round: axes of one element change nothing of which label belongs to which output.
 *
 * @param needed the shape of one example's labels
 */
public record LabelArray(Examples examples, String name, Shape needed) {
    /**
     * Checks the shape of an array, not its values.
     *
     * @param output the shape of one example's output
     * @throws SquisherException if the array is not there, or has other labels than the likelihood takes for the output
     */
    public static LabelArray of(Examples examples, String name, Likelihood likelihood, Shape output) {
        Tensor array = examples.arrays().get(name);
        if (array == null) {
            throw new SquisherException("'" + examples.source() + "' has no array '" + name
                    + "' with the labels; it has " + examples.arrays().keySet() + ", choose one with --labels");
        }
        LabelRule rule = LabelRule.of(likelihood, output);
        LabelArray labels = new LabelArray(examples, name, rule.shape());
        long[] given = array.shape().dims();
        if (!Arrays.equals(
                withoutOnes(Arrays.copyOfRange(given, 1, given.length)),
                withoutOnes(rule.shape().dims()))) {
            throw new SquisherException(labels + " are " + array.shape() + "; the likelihood " + likelihood.name()
                    + " of an output " + batch(output.dims()) + " needs "
                    + batch(rule.shape().dims())
                    + labels.explained(likelihood, output, given));
        }
        return labels;
    }

    private static long[] withoutOnes(long... dims) {
        return LongStream.of(dims).filter(dim -> dim != 1).toArray();
    }

    private static String batch(long... dims) {
        StringBuilder text = new StringBuilder("[N");
        LongStream.of(dims).forEach(dim -> text.append(", ").append(dim));
        return text.append(']').toString();
    }

    /** What labels of the wrong shape probably are, and what makes the right ones of them. */
    private String explained(Likelihood likelihood, Shape output, long... given) {
        boolean classes =
                likelihood instanceof Likelihood.Categorical || likelihood instanceof Likelihood.CategoricalTokens;
        long[] ofExample = Arrays.copyOfRange(given, 1, given.length);
        if (classes && Arrays.equals(ofExample, output.dims())) {
            int axis = LabelRule.classAxis(likelihood, output) + 1;
            String argmax = "'; take the number of the class, " + name + ".argmax(axis=" + axis + ")";
            return isOneHot(axis)
                    ? ": they are one-hot" + argmax.substring(1)
                    : ": they have a number for each class" + argmax.substring(1)
                            + ", or use --likelihood bernoulli for yes/no labels, gaussian for targets of a regression";
        }
        if (!classes && Arrays.equals(withoutOnes(ofExample), new long[0]) && output.size() > 1) {
            return ": one label for " + output.size() + " outputs; for numbers of classes use --likelihood categorical";
        }
        return ofExample.length > 0 && classes ? "; for targets of a regression use --likelihood gaussian" : "";
    }

    /** Whether the first examples have a single 1 among zeros along an axis. */
    private boolean isOneHot(int axis) {
        int rows = (int) Math.min(examples.count(), 16);
        Tensor batch = examples.batch(name, 0, rows, ElementType.F64);
        double[] values = batch.toDoubles();
        int classes = Math.toIntExact(batch.shape().dim(axis));
        double sum = Arrays.stream(values).sum();
        return Arrays.stream(values).allMatch(value -> value == 0 || value == 1) && sum * classes == values.length;
    }

    /**
     * Goes through the labels of all examples.
     *
     * @throws SquisherException at the first label that the likelihood does not take
     */
    public void check(Likelihood likelihood, Shape output) {
        LabelRule rule = LabelRule.of(likelihood, output);
        int size = Math.toIntExact(needed.size());
        int rows = Math.max(1, (1 << 16) / Math.max(1, size));
        for (long from = 0; from < examples.count(); from += rows) {
            int count = (int) Math.min(rows, examples.count() - from);
            double[] values = examples.batch(name, from, count, ElementType.F64).toDoubles();
            for (int i = 0; i < values.length; i++) {
                if (!rule.takes(values[i])) {
                    ExamplePlace place = examples.place(from + i / size);
                    throw new SquisherException("the labels '" + name + "' of '" + place.file() + "': row "
                            + place.row() + " holds " + number(values[i])
                            + ", " + rule.expectation() + new LabelHint(this, rule).of(values[i]));
                }
            }
        }
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** The labels of a part of the examples, or of others that were checked too. */
    public LabelArray with(Examples others) {
        return new LabelArray(others, name, needed);
    }

    /** The labels of examples {@code from} to {@code from + rows}: {@code [rows, …]} as the likelihood takes them. */
    public Tensor batch(long from, int rows, ElementType type) {
        Tensor batch = examples.batch(name, from, rows, type);
        long[] dims = LongStream.concat(LongStream.of(rows), LongStream.of(needed.dims()))
                .toArray();
        Shape shape = Shape.of(dims);
        return batch.shape().equals(shape) ? batch : Tensor.of(type, shape, batch.toBytes());
    }

    @Override
    public String toString() {
        return "the labels '" + name + "' of '" + examples.source() + "'";
    }
}
