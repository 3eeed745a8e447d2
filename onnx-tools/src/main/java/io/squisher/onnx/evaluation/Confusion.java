package io.squisher.onnx.evaluation;

import java.util.stream.IntStream;

/**
 * How often the model's answer for a label was which class. Shares of nothing, such as the precision of a class that was never
 * answered, are 0, as in scikit-learn.
 */
public final class Confusion {
    /** With more classes than this there is no such table. */
    public static final int MOST_CLASSES = 1000;

    private final long[][] counts;

    Confusion(int classes) {
        counts = new long[classes][classes];
    }

    void add(int label, int answer) {
        counts[label][answer]++;
    }

    /** The number of classes. */
    public int classes() {
        return counts.length;
    }

    /** How many labels {@code label} the model answered with {@code answer}. */
    public long count(int label, int answer) {
        return counts[label][answer];
    }

    /** How many labels are {@code label}. */
    public long labels(int label) {
        return IntStream.range(0, classes())
                .mapToLong(answer -> counts[label][answer])
                .sum();
    }

    /** How many answers are {@code answer}. */
    public long answers(int answer) {
        return IntStream.range(0, classes())
                .mapToLong(label -> counts[label][answer])
                .sum();
    }

    /** Of the answers of this class, the share that is right. */
    public double precision(int of) {
        return share(counts[of][of], answers(of));
    }

    /** Of the labels of this class, the share that was found. */
    public double recall(int of) {
        return share(counts[of][of], labels(of));
    }

    /** The harmonic mean of precision and recall. */
    public double f1(int of) {
        return share(2 * counts[of][of], answers(of) + labels(of));
    }

    /** Of all examples, the share whose label and answer agree in being this class or not. */
    public double accuracy(int of) {
        long all = IntStream.range(0, classes()).mapToLong(this::labels).sum();
        return share(all - answers(of) - labels(of) + 2 * counts[of][of], all);
    }

    /** The mean of {@link #f1} over the classes that have a label or an answer. */
    public double macroF1() {
        return IntStream.range(0, classes())
                .filter(of -> labels(of) + answers(of) > 0)
                .mapToDouble(this::f1)
                .average()
                .orElse(0);
    }

    private static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }
}
