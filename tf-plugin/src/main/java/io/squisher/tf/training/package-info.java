/**
 * What training with a diagonal needs inside TensorFlow: penalties added to a loss, updates of chosen entries only, and an
 * accumulator of squared gradients for optimizers that keep none. All of it is one line in a loop that exists:
 *
 * <pre>{@code
 * EwcPenalty ewc = EwcPenalty.of(graph, tasks, lambda);                  // before the optimizer
 * Op train = optimizer.minimize(tf.math.add(loss, ewc.term()));
 * OwnAccumulator own = OwnAccumulator.add(train, 0.999f, ewc);           // then run own.train()
 * }</pre>
 *
 * <p>Public API.
 */
package io.squisher.tf.training;
