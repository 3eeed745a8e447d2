/** A trained model on disk with both of its diagonals: the recycled one and the computed one. */
package io.squisher.examples.diagonals;
