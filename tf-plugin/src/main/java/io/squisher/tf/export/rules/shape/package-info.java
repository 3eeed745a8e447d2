/** Operations that move elements: reshape, pad, diagonals. Start at {@code ShapeRules}. */
package io.squisher.tf.export.rules.shape;
