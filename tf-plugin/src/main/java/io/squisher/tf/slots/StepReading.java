package io.squisher.tf.slots;

import io.squisher.tf.graph.Scalar;
import java.util.OptionalLong;
import org.tensorflow.Session;

/** How the step count of one optimizer in one graph is read. */
public sealed interface StepReading {
    /** Optimizer steps taken so far; empty where the graph cannot tell. */
    OptionalLong read(Session session);

    /** How a file's provenance calls the source. */
    String label();

    /**
     * A variable that starts at the decay and is multiplied by it once per step.
     *
     * @param power that variable
     * @param decay what it is multiplied by
     */
    record Power(Scalar power, Scalar decay) implements StepReading {
        @Override
        public OptionalLong read(Session session) {
            return StepCount.fromPower((float) power.value(session), (float) decay.value(session));
        }

        @Override
        public String label() {
            return "beta2_power";
        }
    }

    /**
     * An integer in the graph.
     *
     * @param counter that variable
     * @param perStep what one training step adds to it: TensorFlow Java's AdaGradDA adds twice
     */
    record Counter(Scalar counter, long perStep) implements StepReading {
        @Override
        public OptionalLong read(Session session) {
            return OptionalLong.of((long) counter.value(session) / perStep);
        }

        @Override
        public String label() {
            return "counter";
        }
    }

    /** The graph has no count: the training loop has to say. */
    record Absent() implements StepReading {
        @Override
        public OptionalLong read(Session session) {
            return OptionalLong.empty();
        }

        @Override
        public String label() {
            return "unknown";
        }
    }
}
