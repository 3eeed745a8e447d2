package io.squisher.tf.slots;

/** Where an optimizer's step count can be read. */
public sealed interface StepSource {
    /** How a file's provenance calls it. */
    String label();

    /**
     * A variable that starts at the decay and is multiplied by it once per step.
     *
     * @param input the apply operation's input that holds it
     */
    record Power(int input) implements StepSource {
        @Override
        public String label() {
            return "beta2_power";
        }
    }

    /**
     * An integer that the optimizer counts itself.
     *
     * @param input the apply operation's input that holds it
     */
    record Counter(int input) implements StepSource {
        @Override
        public String label() {
            return "counter";
        }
    }

    /** Nowhere in the graph: the training loop has to say. */
    record Absent() implements StepSource {
        @Override
        public String label() {
            return "unknown";
        }
    }
}
