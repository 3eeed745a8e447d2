/**
 * FISH masks (Sung et al. 2021): which parameters matter most for a task, resetting the others to their pre-trained
 * values, and fine-tuned models as sparse differences.
 *
 * <p>Public API.
 */
package io.squisher.apps.mask;
