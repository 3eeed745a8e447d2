package io.squisher.format.tensorflow;

import java.util.List;
import java.util.Optional;

/**
 * How an optimizer names what it keeps for a variable: TensorFlow Java {@code <variable>-<slot>}, TensorFlow 1
 * {@code <variable>/<Optimizer>_1}, BERT's own optimizer {@code <variable>/adam_v}.
 *
 * @param suffix of the squared gradients
 * @param companion suffix of something else that it keeps; empty if nothing
 * @param decayed whether they are an average; else a running sum
 * @param initial the value that they start from, where it is fixed
 * @param most slots of one variable whose names are numbered; a second optimizer of the same kind goes on from there
 */
record SlotConvention(
        String optimizer, String suffix, String companion, boolean decayed, Optional<Double> initial, int most) {
    private static final Optional<Double> ZERO = Optional.of(0.0);
    private static final Optional<Double> ONE = Optional.of(1.0);
    private static final Optional<Double> GIVEN = Optional.empty();

    /** All that are known. A centred RMSProp keeps a mean too, so that TensorFlow 1 numbers three slots. */
    static final List<SlotConvention> ALL = List.of(
            new SlotConvention("Adam", "-v", "-m", true, ZERO, 1),
            new SlotConvention("RMSProp", "-rms", "", true, ONE, 1),
            new SlotConvention("AdaDelta", "-accum", "-accum_update", true, ZERO, 1),
            new SlotConvention("AdaGrad", "-accumulator", "", false, GIVEN, 1),
            new SlotConvention("AdaGradDA", "-gradient_squared_accumulator", "-gradient_accumulator", false, GIVEN, 1),
            new SlotConvention("Ftrl", "-gradient_accumulator", "-linear_accumulator", false, GIVEN, 1),
            new SlotConvention("Adam", "/Adam_1", "/Adam", true, ZERO, 2),
            new SlotConvention("AdamWeightDecay", "/adam_v", "/adam_m", true, ZERO, 1),
            new SlotConvention("RMSProp", "/RMSProp", "/RMSProp_1", true, ONE, 3),
            new SlotConvention("Adadelta", "/Adadelta", "/Adadelta_1", true, ZERO, 2),
            new SlotConvention("Adagrad", "/Adagrad", "", false, GIVEN, 1),
            new SlotConvention("AdagradDA", "/AdagradDA_1", "/AdagradDA", false, GIVEN, 2),
            new SlotConvention("ProximalAdagrad", "/ProximalAdagrad", "", false, GIVEN, 1),
            new SlotConvention("Ftrl", "/Ftrl", "/Ftrl_1", false, GIVEN, 2));

    /** TensorFlow 1's Adam under the name that a program gave it; {@code suffix} is that of the second of its slots. */
    static SlotConvention renamedAdam(String suffix) {
        return new SlotConvention("Adam", suffix, suffix.substring(0, suffix.length() - 2), true, ZERO, 2);
    }

    /** What the first slot of a second optimizer over the same variable is called. */
    String second() {
        return suffix.replaceFirst("_1$", "") + "_" + most;
    }
}
