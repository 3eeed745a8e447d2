/**
 * Folders that DeepSpeed writes.
 *
 * <p>Universal checkpoints: {@code zero/<parameter>/exp_avg_sq.pt} for each parameter, its step in {@code step.pt}. ZeRO
 * checkpoints: a file of model states with {@code param_shapes}, and for each data-parallel rank a file of optimizer states
 * with its piece of the flattened accumulators. Stages 1 and 2 cut the concatenation of all parameters of a group into one
 * piece per rank, stage 3 cuts each parameter; padding is at the end.
 */
package io.squisher.format.deepspeed;
