/** TensorFlow's graphs and sessions seen from our side: tensors, scalars and variables behind an operation's inputs. */
package io.squisher.tf.graph;
