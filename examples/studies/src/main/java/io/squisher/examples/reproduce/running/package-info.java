/**
 * Runs planned settings seed by seed, keeps what was measured, and says how long the rest will take.
 * Uses {@code setting} alone: it runs any setting and knows none.
 * Start at {@code Runs}.
 */
package io.squisher.examples.reproduce.running;
