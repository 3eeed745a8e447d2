/** How well two diagonals agree: in order, in direction, in scale, and number by number. */
package io.squisher.apps.compare;
