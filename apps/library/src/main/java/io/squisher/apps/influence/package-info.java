/**
 * Weights for the squared gradients of single examples: a diagonal, or the inverse of one.
 *
 * <p>Public API.
 */
package io.squisher.apps.influence;
