package io.squisher.tf.slots;

/** Where an apply operation leads to its optimizer's step count. */
sealed interface StepSource {
    /**
     * A variable that starts at the decay and is multiplied by it once per step.
     *
     * @param input the apply operation's input that holds it
     */
    record Power(int input) implements StepSource {}

    /**
     * An integer that the optimizer counts itself.
     *
     * @param input the apply operation's input that holds it
     */
    record Counter(int input) implements StepSource {}

    /** Nowhere: the training loop has to say. */
    record Absent() implements StepSource {}
}
