/**
 * Training checkpoints of other programs, whatever their file format: the accumulators in them, and the question which
 * parameter each belongs to. The readers are in {@code io.squisher.format}; here is what they read into.
 *
 * <p>Public API.
 */
package io.squisher.checkpoint;
