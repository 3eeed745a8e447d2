/**
 * The bytes of a TensorFlow checkpoint: {@code prefix.index}, an immutable sorted table from tensor name to place, and
 * {@code prefix.data-SSSSS-of-NNNNN}, the values. Knows tensors and files, not what names mean. Start at
 * {@link io.squisher.format.tensorflow.bundle.BundleFile}.
 */
package io.squisher.format.tensorflow.bundle;
