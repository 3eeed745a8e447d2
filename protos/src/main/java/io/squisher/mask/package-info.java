/**
 * Masks over parameters: one bit for each coordinate, and the compact file that they live in.
 *
 * <p>Public API.
 */
package io.squisher.mask;
