/**
 * Where optimizers keep their squared gradients: the table from apply operation to accumulator
 * ({@code AccumulatorRules}), the search for them in a graph
 * ({@link io.squisher.tf.slots.TrainedVariables}), and what can be read of them from a session. Everything is found by
 * operation type and inputs; a name is never evidence.
 *
 * <p>Public API.
 */
package io.squisher.tf.slots;
