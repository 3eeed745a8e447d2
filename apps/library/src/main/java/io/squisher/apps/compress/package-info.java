/**
 * Linear layers as products of two smaller matrices: a singular value decomposition weighted by the Fisher, and ranks that cost
 * least within a budget of weights.
 *
 * <p>Public API.
 */
package io.squisher.apps.compress;
