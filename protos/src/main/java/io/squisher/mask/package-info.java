/** Masks over parameters: one bit for each coordinate, and the compact file that they live in. */
package io.squisher.mask;
