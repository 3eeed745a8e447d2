package io.squisher.tf.slots;

import java.util.List;

/** Something that can say where the accumulators of squared gradients are. */
public interface AccumulatorSource {
    /** The variables with their accumulators; at least one. */
    List<TrainedVariable> variables();
}
