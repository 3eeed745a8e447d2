package io.squisher.tf.slots;

import io.squisher.tf.graph.Given;
import java.util.List;
import org.tensorflow.op.Op;

/** Something that can say where the accumulators of squared gradients are. */
public interface AccumulatorSource {
    /** The variables with their accumulators; at least one. */
    List<TrainedVariable> variables();

    /** The accumulators of the optimizer whose update is {@code trainingOperation}, to join them with others. */
    static AccumulatorSource of(Op trainingOperation) {
        List<TrainedVariable> found =
                TrainedVariables.updatedBy(Given.operation(trainingOperation, "the training operation"));
        return () -> found;
    }
}
