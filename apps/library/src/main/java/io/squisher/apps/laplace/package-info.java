/**
 * Laplace's approximation: a classifier's uncertainty from a diagonal Fisher, and how well calibrated predictions are.
 *
 * <p>Public API.
 */
package io.squisher.apps.laplace;
