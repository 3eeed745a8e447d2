/**
 * Where the sensitivity of a network sits, gathered in one pass over a diagonal: sums, quantiles, heat maps and units. Nothing here
 * keeps a value; what is kept is as large as a screen. Start at {@code SensitivityPass}.
 */
package io.squisher.report.sensitivity;
