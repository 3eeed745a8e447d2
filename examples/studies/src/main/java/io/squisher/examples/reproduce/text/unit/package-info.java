/**
 * What is measured at once: units of work, their results as small files, and running the ones that are missing within a time.
 * Start at {@code UnitRuns}.
 */
package io.squisher.examples.reproduce.text.unit;
