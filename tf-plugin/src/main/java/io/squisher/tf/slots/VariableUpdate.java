package io.squisher.tf.slots;

import io.squisher.tf.graph.GraphVariable;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * An optimizer's update of one variable, whatever the optimizer keeps.
 *
 * @param variable the parameter
 * @param operation the operation that changes it
 * @param gradient the minibatch gradient that the update uses
 */
public record VariableUpdate(GraphVariable variable, GraphOperation operation, Output<?> gradient) {}
