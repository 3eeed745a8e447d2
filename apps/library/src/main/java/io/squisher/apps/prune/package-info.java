/**
 * Pruning: the parameters whose removal costs least by some statistic are set to 0.
 *
 * <p>Public API.
 */
package io.squisher.apps.prune;
