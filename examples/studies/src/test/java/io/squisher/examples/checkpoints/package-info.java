/** Checkpoints of TensorFlow Java as another program's: what {@code squisher convert} makes of them. */
package io.squisher.examples.checkpoints;
