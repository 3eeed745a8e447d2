/** Arrays as numpy stores them. */
package io.squisher.format.npy;
