/**
 * TensorFlow checkpoints ("tensor bundles", V2), read and written without TensorFlow. {@code bundle} has the bytes; here is
 * what their names say: variables, slots of optimizers, objects. Start at
 * {@link io.squisher.format.tensorflow.TensorFlowFormat}.
 */
package io.squisher.format.tensorflow;
