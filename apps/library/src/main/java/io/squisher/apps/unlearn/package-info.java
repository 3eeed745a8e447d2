/**
 * Unlearning: the parameters that matter to some examples far more than to all are dampened, without training; and a check of
 * what a model still betrays of the examples that it was trained on.
 *
 * <p>Public API.
 */
package io.squisher.apps.unlearn;
