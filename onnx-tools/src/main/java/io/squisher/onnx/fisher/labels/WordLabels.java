package io.squisher.onnx.fisher.labels;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Labels as people write them, as the array that a likelihood takes: numbers of classes for a categorical one, else numbers. */
public final class WordLabels {
    private final OnnxFile model;
    private final Likelihood likelihood;
    private Optional<ClassNames> classes;

    /** Labels of examples for a model, which may keep the names of its classes. */
    public WordLabels(OnnxFile model, Likelihood likelihood) {
        this.model = model;
        this.likelihood = likelihood;
        this.classes = ClassNames.of(model);
    }

    /** What the classes are called; empty before any were read, and where labels are no classes. */
    public Optional<ClassNames> classes() {
        return likelihood instanceof Likelihood.Categorical ? classes : Optional.empty();
    }

    /**
     * The array {@code [N]} of some labels.
     *
     * @param source what they were read from, for messages
     * @param where where a label stands, by its place in the list
     * @param fresh whether the labels that there are become the classes; otherwise those that are known already are, or numbers
     * @throws SquisherException if a label is no class, or no number where that is needed
     */
    public Tensor read(List<String> labels, String source, IntFunction<String> where, boolean fresh) {
        if (likelihood instanceof Likelihood.CategoricalTokens) {
            throw new SquisherException(
                    "'" + source + "' has one label for each example, and categorical-tokens takes one for"
                            + " each token; give arrays with --data");
        }
        return likelihood instanceof Likelihood.Categorical
                ? classes(labels, source, where, fresh)
                : numbers(labels, where);
    }

    private Tensor classes(List<String> labels, String source, IntFunction<String> where, boolean fresh) {
        ClassNames known = fresh ? ClassNames.ofLabels(labels) : classes.orElseGet(() -> numbered(labels, source));
        long[] numbers = new long[labels.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = known.number(labels.get(i), where.apply(i));
        }
        classes = Optional.of(known);
        return Tensor.of(Shape.of(numbers.length), numbers);
    }

    private ClassNames numbered(List<String> labels, String source) {
        ClassNames found = ClassNames.ofLabels(labels);
        if (!found.areNumbers()) {
            throw new SquisherException("the labels of '" + source + "' are words " + found + ", and '" + model.path()
                    + "' does not say which class is called what, as models that were trained here do; give the numbers of"
                    + " classes as labels");
        }
        return found;
    }

    private Tensor numbers(List<String> labels, IntFunction<String> where) {
        float[] numbers = new float[labels.size()];
        for (int i = 0; i < numbers.length; i++) {
            try {
                numbers[i] = Float.parseFloat(labels.get(i));
            } catch (NumberFormatException e) {
                throw new SquisherException(
                        where.apply(i) + " has the label '" + labels.get(i) + "', which is no number; the likelihood "
                                + likelihood.name() + " takes numbers",
                        e);
            }
        }
        return Tensor.of(Shape.of(numbers.length), numbers);
    }
}
