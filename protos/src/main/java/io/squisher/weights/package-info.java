/**
 * Named weights, wherever they are stored: sources to read, sinks to write, one registry of formats.
 *
 * <p>Public API.
 */
package io.squisher.weights;
