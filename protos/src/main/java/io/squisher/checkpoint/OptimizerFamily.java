package io.squisher.checkpoint;

import io.squisher.proto.Accumulator;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The table of optimizers, for all frameworks: what each keeps of squared gradients, and what that starts from. A reader of a
 * format adds where its framework keeps it and what it calls it; a name that no row has is refused, never taken for Adam.
 */
public enum OptimizerFamily {
    ADAM("Adam", Estimate.AVERAGE),
    ADAMW("AdamW", Estimate.AVERAGE),
    AMSGRAD("AMSGrad", Estimate.AVERAGE),
    NADAM("NAdam", Estimate.AVERAGE),
    RADAM("RAdam", Estimate.AVERAGE),
    LAMB("Lamb", Estimate.AVERAGE),
    ADABOUND("AdaBound", Estimate.AVERAGE),
    ADEMAMIX("AdEMAMix", Estimate.AVERAGE),
    RANGER("Ranger", Estimate.AVERAGE),
    SCHEDULE_FREE("AdamWScheduleFree", Estimate.AVERAGE),
    SPARSE_ADAM("SparseAdam", Estimate.AVERAGE),
    ADAM_LIKE("Adam-like", Estimate.AVERAGE),
    /** TensorFlow 1, TensorFlow Java and timm's copy start from 1. */
    RMSPROP("RMSprop", Estimate.AVERAGE, 0, 1),
    ADADELTA("Adadelta", Estimate.AVERAGE),
    /** PyTorch starts from 0, TensorFlow and Keras from 0.1, unless told otherwise. */
    ADAGRAD("Adagrad", Estimate.SUM, 0, 0.1),
    ADAGRAD_DA("AdaGradDA", Estimate.SUM, 0.1),
    FTRL("Ftrl", Estimate.SUM, 0.1),
    /** BERT's own Adam. */
    ADAM_WEIGHT_DECAY("AdamWeightDecay", Estimate.AVERAGE),
    PROXIMAL_ADAGRAD("ProximalAdagrad", Estimate.SUM, 0.1),

    SGD("SGD", "which keeps no squares of gradients"),
    MOMENTUM("Momentum", "which keeps a mean of the gradients, not of their squares"),
    LION("Lion", "which keeps no squares of gradients"),
    MUON("Muon", "which keeps no squares of gradients for matrices"),
    ADAMAX("Adamax", "whose slot is a maximum of gradients, not an average of their squares"),
    ADAFACTOR("Adafactor", "which keeps only sums over rows and columns of the squared gradients"),
    CAME("CAME", "which keeps only sums over rows and columns of the squared gradients"),
    SOAP("SOAP", "whose 'exp_avg_sq' is in the basis of its preconditioner's eigenvectors, not of the parameters"),
    ADAN(
            "Adan",
            "whose 'exp_avg_sq' is an average of squares of gradients that are extrapolated by their last change, not of the"
                    + " gradients"),
    PRODIGY(
            "Prodigy",
            "whose 'exp_avg_sq' holds squares of gradients times its step size at the time, of unknown scale"),
    D_ADAPTATION(
            "D-Adaptation", "whose 'exp_avg_sq' may be scaled by its step size at the time, so its scale is unknown"),
    MARS("MARS", "whose 'exp_avg_sq' holds squares of corrected and clipped gradients"),
    GALORE("GaLore", "whose 'exp_avg_sq' holds squares of projected gradients, not one for each parameter"),
    NOVOGRAD("NovoGrad", "which keeps one number for each layer"),
    YOGI("Yogi", "whose 'exp_avg_sq' moves by the sign of its error and is no average of squares"),
    ADABELIEF("AdaBelief", "which keeps squares of the gradients' deviation from their mean, not of the gradients"),
    SOPHIA("Sophia", "whose 'hessian' is estimated now and then by another rule"),
    ADAHESSIAN("AdaHessian", "which averages squares of the Hessian's diagonal, not of gradients"),
    SHAMPOO("Shampoo", "which keeps matrices for each side of a parameter, not squares of gradients"),
    RPROP("Rprop", "which keeps no squares of gradients"),
    ASGD("ASGD", "which averages parameters and keeps no squares of gradients"),
    LBFGS("L-BFGS", "which keeps no squares of gradients");

    /** What a slot estimates. */
    public enum Estimate {
        /** v ← d·v + (1−d)·g². */
        AVERAGE,
        /** a ← a + g². */
        SUM,
        /** Nothing of squared gradients. */
        NONE
    }

    private final String label;
    private final Estimate estimate;
    private final List<Double> starts;
    private final String reason;

    OptimizerFamily(String label, Estimate estimate, double... starts) {
        this.label = label;
        this.estimate = estimate;
        this.starts = starts.length == 0
                ? List.of(0.0)
                : Arrays.stream(starts).boxed().toList();
        this.reason = "";
    }

    OptimizerFamily(String label, String reason) {
        this.label = label;
        this.estimate = Estimate.NONE;
        this.starts = List.of();
        this.reason = reason;
    }

    /** Its name, as in a provenance. */
    public String label() {
        return label;
    }

    public Estimate estimate() {
        return estimate;
    }

    /** Whether its slot can be converted. */
    public boolean isUsable() {
        return estimate != Estimate.NONE;
    }

    /** Why its state cannot be converted, with the way out; for those that cannot. */
    public String refusal() {
        return "it is of " + label + ", " + reason + "; train with Adam, or compute the Fisher with 'squisher fisher'";
    }

    /**
     * The optimizer of a class or of a name that a framework makes of it: {@code AdamW}, {@code adam_w_1}, {@code RMSProp}.
     *
     * @return empty for one that is not in the table
     */
    public static Optional<OptimizerFamily> of(String name) {
        String plain = plain(name);
        return Arrays.stream(values())
                .filter(family -> plain(family.label).equals(plain))
                .findFirst();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst("(_\\d+)+$", "").replaceAll("[_-]", "");
    }

    /** What its slot starts from in TensorFlow 1 and TensorFlow Java, unless a program says otherwise. */
    public double startInTensorFlow() {
        return starts.get(starts.size() - 1);
    }

    /** The values that an accumulator with these facts may have before the first step. */
    static List<Double> starts(Accumulator facts) {
        return facts.hasInitialValue()
                ? List.of(facts.getInitialValue())
                : of(facts.getOptimizer()).map(family -> family.starts).orElse(List.of(0.0));
    }
}
