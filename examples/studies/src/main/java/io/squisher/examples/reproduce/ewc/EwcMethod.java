package io.squisher.examples.reproduce.ewc;

import io.squisher.examples.reproduce.setting.Methods;
import io.squisher.examples.reproduce.setting.Panel;
import io.squisher.fisher.FisherScale;
import java.util.List;

/** What holds the weights of earlier tasks. */
public enum EwcMethod {
    NONE(Panel.EWC.baseline()),
    IDENTITY("identity"),
    FISHER(Methods.FISHER),
    EXACT(Methods.EXACT),
    /** Sum first, then square. */
    JOINT("joint Fisher"),
    /** Adam's own accumulator, new for each task, which from the second task on holds the penalty's gradient too. */
    SQUISHER(Methods.SQUISHER),
    /** The average of the data loss' squared gradients, which the plug-in keeps beside Adam. */
    DATA_LOSS("Squisher of the data loss"),
    /** The accumulator as it is. */
    UNSCALED("data loss, not rescaled, λ of the Fisher", FisherScale.NONE),
    TIMES_BATCH("data loss, times B, λ of the Fisher", FisherScale.BATCH),
    TIMES_DATASET("data loss, times N, λ of the Fisher", FisherScale.DATASET);

    /** The methods of the setting itself. */
    public static final List<EwcMethod> SETTING = List.of(NONE, IDENTITY, FISHER, EXACT, SQUISHER, DATA_LOSS);

    private final String label;
    private final FisherScale scale;
    private final boolean fishersLambda;

    EwcMethod(String label) {
        this.label = label;
        scale = FisherScale.BATCH;
        fishersLambda = false;
    }

    EwcMethod(String label, FisherScale scale) {
        this.label = label;
        this.scale = scale;
        fishersLambda = true;
    }

    public String label() {
        return label;
    }

    FisherScale scale() {
        return scale;
    }

    /** Whether it takes the λ that was chosen for the Fisher, in place of one of its own. */
    public boolean hasFishersLambda() {
        return fishersLambda;
    }

    /** Whether training must keep an accumulator of the data loss alone. */
    boolean needsOwnAccumulator() {
        return this == DATA_LOSS || fishersLambda;
    }
}
