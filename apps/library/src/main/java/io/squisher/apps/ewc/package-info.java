/**
 * Elastic weight consolidation (Kirkpatrick et al. 2017): the Fishers and weights of several tasks as one quadratic
 * penalty for the training of the next, λ/2 Σ F (θ − θ*)².
 *
 * <p>Public API.
 */
package io.squisher.apps.ewc;
