package io.squisher.tf.slots;

/** What an optimizer's accumulator is, in terms of the minibatch gradients g_t (elementwise squares). */
sealed interface Estimate {
    /**
     * v_t = d·v_{t-1} + (1-d)·g_t².
     *
     * @param decayInput the apply operation's input that holds d
     */
    record MovingAverage(int decayInput) implements Estimate {}

    /** a_t = a_{t-1} + g_t²: divide by the number of steps for a mean. */
    record RunningSum() implements Estimate {}

    /**
     * No estimate of squared gradients.
     *
     * @param reason what the optimizer keeps instead, as the end of a sentence
     */
    record Unusable(String reason) implements Estimate {}
}
