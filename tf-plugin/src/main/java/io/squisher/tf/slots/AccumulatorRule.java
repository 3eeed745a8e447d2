package io.squisher.tf.slots;

import java.util.Set;

/**
 * A row of the table: how an optimizer's apply operations are read. Inputs are counted from 0.
 *
 * @param optimizer the optimizer's name, as in a Fisher file's provenance
 * @param operationTypes the TensorFlow operations that apply its update to one variable (input 0)
 * @param slot the accumulator's usual name, for the provenance only
 * @param accumulator the input that holds the accumulator
 * @param gradient the input that holds the gradient
 * @param estimate what the accumulator estimates
 * @param step how the step count is found
 * @param initialValue what the accumulator starts from where the graph does not say
 */
record AccumulatorRule(
        String optimizer,
        Set<String> operationTypes,
        String slot,
        int accumulator,
        int gradient,
        Estimate estimate,
        StepSource step,
        double initialValue) {

    /** Whether the accumulator is one of squared gradients. */
    public boolean isUsable() {
        return !(estimate instanceof Estimate.Unusable);
    }
}
