/** Labelled images to train on: the embedded digits, Fashion-MNIST from its files, splits and batches. */
package io.squisher.examples.data;
