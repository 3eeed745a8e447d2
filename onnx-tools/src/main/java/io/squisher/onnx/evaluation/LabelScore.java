package io.squisher.onnx.evaluation;

import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.util.Optional;

/** Adds up the log-likelihood and the metric of labels, one likelihood each. */
abstract class LabelScore {
    private final String metric;
    private double logLikelihood;
    private double hits;
    private long labels;

    private LabelScore(String metric) {
        this.metric = metric;
    }

    /** The score of a likelihood. */
    static LabelScore of(Likelihood likelihood) {
        if (likelihood instanceof Likelihood.Gaussian gaussian) {
            return new Normal(gaussian.variance());
        }
        if (likelihood instanceof Likelihood.Bernoulli) {
            return new YesNo();
        }
        return likelihood instanceof Likelihood.CategoricalTokens tokens
                ? new Classes(tokens.ignoreIndex(), true)
                : new Classes(0, false);
    }

    /** Hands on the logits of each label, and scores nothing. */
    static LabelScore handing(Likelihood likelihood, ClassLogits receiver) {
        return new Handed(of(likelihood), receiver);
    }

    /** Whether a label does not count. */
    boolean isIgnored(double label) {
        return false;
    }

    /** Adds label {@code label} for the outputs from {@code start} on, {@code step} apart. */
    abstract void add(double[] outputs, int start, int step, int classes, double label, long example);

    void count(double logLikelihoodOfLabel, double hit) {
        logLikelihood += logLikelihoodOfLabel;
        hits += hit;
        labels++;
    }

    Scores scores(long examples) {
        double mean = hits / Math.max(1, labels);
        double value = metric.equals("rmse") ? Math.sqrt(mean) : mean;
        return new Scores(metric, value, logLikelihood / examples, examples, confusion());
    }

    Optional<Confusion> confusion() {
        return Optional.empty();
    }

    private static final class Classes extends LabelScore {
        private final long ignoreIndex;
        private final boolean ignores;
        private Optional<Confusion> confusion = Optional.empty();

        Classes(long ignoreIndex, boolean ignores) {
            super("accuracy");
            this.ignoreIndex = ignoreIndex;
            this.ignores = ignores;
        }

        @Override
        boolean isIgnored(double label) {
            return ignores && label == ignoreIndex;
        }

        @Override
        void add(double[] outputs, int start, int step, int classes, double label, long example) {
            if (isIgnored(label)) {
                return;
            }
            int best = 0;
            double largest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                if (outputs[start + c * step] > largest) {
                    largest = outputs[start + c * step];
                    best = c;
                }
            }
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(outputs[start + c * step] - largest);
            }
            count(outputs[start + (int) label * step] - largest - Math.log(sum), best == (int) label ? 1 : 0);
            if (confusion.isEmpty() && classes <= Confusion.MOST_CLASSES) {
                confusion = Optional.of(new Confusion(classes));
            }
            int answer = best;
            confusion.ifPresent(counts -> counts.add((int) label, answer));
        }

        @Override
        Optional<Confusion> confusion() {
            return confusion;
        }
    }

    private static final class Handed extends LabelScore {
        private final LabelScore rules;
        private final ClassLogits receiver;

        Handed(LabelScore rules, ClassLogits receiver) {
            super("none");
            this.rules = rules;
            this.receiver = receiver;
        }

        @Override
        void add(double[] outputs, int start, int step, int classes, double label, long example) {
            if (!rules.isIgnored(label)) {
                double[] logits = new double[classes];
                for (int c = 0; c < classes; c++) {
                    logits[c] = outputs[start + c * step];
                }
                receiver.accept(example, logits, (int) label);
            }
        }
    }

    private static final class YesNo extends LabelScore {
        YesNo() {
            super("accuracy");
        }

        @Override
        void add(double[] outputs, int start, int step, int classes, double label, long example) {
            double z = outputs[start];
            double softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
            count(label * z - softplus, z > 0 == label > 0.5 ? 1 : 0);
        }
    }

    private static final class Normal extends LabelScore {
        private final double variance;

        Normal(double variance) {
            super("rmse");
            this.variance = variance;
        }

        @Override
        void add(double[] outputs, int start, int step, int classes, double label, long example) {
            double error = label - outputs[start];
            count(-0.5 * (error * error / variance + Math.log(2 * Math.PI * variance)), error * error);
        }
    }
}
