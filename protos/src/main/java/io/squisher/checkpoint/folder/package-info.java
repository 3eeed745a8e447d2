/**
 * A folder of checkpoints with their accumulators, for training loops of any framework: which are kept, and that each is whole
 * whenever the process ends.
 *
 * <p>Public API.
 */
package io.squisher.checkpoint.folder;
