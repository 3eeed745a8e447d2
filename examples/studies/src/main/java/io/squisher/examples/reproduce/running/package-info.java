/**
 * Runs planned settings seed by seed, keeps what was measured, and says how long the rest will take. Knows no single setting.
 * Start at {@code Runs}.
 */
package io.squisher.examples.reproduce.running;
