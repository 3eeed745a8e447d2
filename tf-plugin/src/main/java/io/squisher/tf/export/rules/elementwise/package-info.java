/** Operations that work element by element. Start at {@code ElementwiseRules}. */
package io.squisher.tf.export.rules.elementwise;
