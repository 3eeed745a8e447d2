package io.squisher.format.tensorflow;

import io.squisher.checkpoint.OptimizerFamily;
import java.util.List;
import java.util.Optional;

/**
 * How an optimizer names what it keeps for a variable: TensorFlow Java {@code <variable>-<slot>}, TensorFlow 1
 * {@code <variable>/<Optimizer>_1}, BERT's own optimizer {@code <variable>/adam_v}.
 *
 * @param suffix of the squared gradients
 * @param companion suffix of something else that it keeps; empty if nothing
 * @param most slots of one variable whose names are numbered; a second optimizer of the same kind goes on from there
 */
record SlotConvention(String optimizer, String suffix, String companion, int most) {
    /** All that are known. A centred RMSProp keeps a mean too, so that TensorFlow 1 numbers three slots. */
    static final List<SlotConvention> ALL = List.of(
            new SlotConvention("Adam", "-v", "-m", 1),
            new SlotConvention("RMSProp", "-rms", "", 1),
            new SlotConvention("AdaDelta", "-accum", "-accum_update", 1),
            new SlotConvention("AdaGrad", "-accumulator", "", 1),
            new SlotConvention("AdaGradDA", "-gradient_squared_accumulator", "-gradient_accumulator", 1),
            new SlotConvention("Ftrl", "-gradient_accumulator", "-linear_accumulator", 1),
            new SlotConvention("Adam", "/Adam_1", "/Adam", 2),
            new SlotConvention("AdamWeightDecay", "/adam_v", "/adam_m", 1),
            new SlotConvention("RMSProp", "/RMSProp", "/RMSProp_1", 3),
            new SlotConvention("Adadelta", "/Adadelta", "/Adadelta_1", 2),
            new SlotConvention("Adagrad", "/Adagrad", "", 1),
            new SlotConvention("AdagradDA", "/AdagradDA_1", "/AdagradDA", 2),
            new SlotConvention("ProximalAdagrad", "/ProximalAdagrad", "", 1),
            new SlotConvention("Ftrl", "/Ftrl", "/Ftrl_1", 2));

    /** TensorFlow 1's Adam under the name that a program gave it; {@code suffix} is that of the second of its slots. */
    static SlotConvention renamedAdam(String suffix) {
        return new SlotConvention("Adam", suffix, suffix.substring(0, suffix.length() - 2), 2);
    }

    /** Its row in the table of all frameworks. */
    OptimizerFamily family() {
        return OptimizerFamily.of(optimizer).orElseThrow();
    }

    /** Whether the slot is an average; else a running sum. */
    boolean decayed() {
        return family().estimate() == OptimizerFamily.Estimate.AVERAGE;
    }

    /** The value that the slot starts from, where it is fixed: a program may choose that of a sum. */
    Optional<Double> initial() {
        return decayed() ? Optional.of(family().startInTensorFlow()) : Optional.empty();
    }

    /** What the first slot of a second optimizer over the same variable is called. */
    String second() {
        return suffix.replaceFirst("_1$", "") + "_" + most;
    }
}
