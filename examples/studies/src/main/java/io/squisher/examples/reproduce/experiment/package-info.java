/**
 * Which settings are run, and with which numbers: the full, the quick and the varied ones.
 * Knows every setting; no setting knows it.
 * Start at {@code Experiment}.
 */
package io.squisher.examples.reproduce.experiment;
