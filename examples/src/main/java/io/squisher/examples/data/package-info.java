/** Labelled images to train on: the embedded digits, their splits and batches. */
package io.squisher.examples.data;
