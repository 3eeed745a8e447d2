/**
 * Parts of a network that can go as a whole: filters, neurons, attention heads, and which slices of which parameters are theirs.
 *
 * <p>Public API.
 */
package io.squisher.units;
