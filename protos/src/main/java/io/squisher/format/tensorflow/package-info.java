/**
 * TensorFlow checkpoints ("tensor bundles", V2), read and written without TensorFlow: {@code prefix.index}, an immutable
 * sorted table from tensor name to place, and {@code prefix.data-SSSSS-of-NNNNN}, the bytes.
 */
package io.squisher.format.tensorflow;
