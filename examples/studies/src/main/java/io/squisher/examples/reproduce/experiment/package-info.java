/**
 * Which settings are run, and with which numbers: the full, the quick and the varied ones. Knows all settings. Start at
 * {@code Experiment}.
 */
package io.squisher.examples.reproduce.experiment;
