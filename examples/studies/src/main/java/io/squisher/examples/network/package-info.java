/** Classifiers of images in TensorFlow Java, and their training with the hook attached: what the settings share. */
package io.squisher.examples.network;
