/**
 * The k largest of any number of scores, exactly, without holding the scores: what pruning and masks share. Scores are
 * tensors that are computed as they are read.
 *
 * <p>Public API.
 */
package io.squisher.apps.topk;
