/** Conversion: the accumulators of a training checkpoint become a Squisher file, every tensor under its parameter's name. */
package io.squisher.apps.convert;
