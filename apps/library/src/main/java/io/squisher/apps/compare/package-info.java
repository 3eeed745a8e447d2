/**
 * How well two diagonals agree: in order, in direction, in scale, and number by number.
 *
 * <p>Public API.
 */
package io.squisher.apps.compare;
