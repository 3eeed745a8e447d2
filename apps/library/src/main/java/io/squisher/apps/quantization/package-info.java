/**
 * What rounding weights costs, by the Fisher: ½ Σ F (w − Q(w))² for each tensor and number format, a plan of formats under a
 * budget of bits, and the rounded weights.
 *
 * <p>Public API.
 */
package io.squisher.apps.quantization;
