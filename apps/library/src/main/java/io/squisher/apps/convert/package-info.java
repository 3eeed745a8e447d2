/**
 * Conversion: the accumulators of a training checkpoint become a Squisher file, every tensor under its parameter's name.
 *
 * <p>Public API.
 */
package io.squisher.apps.convert;
