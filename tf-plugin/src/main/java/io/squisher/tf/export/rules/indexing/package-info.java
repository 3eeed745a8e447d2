/** Operations that take, cut, sort or scatter elements. Start at {@code SelectionRules}. */
package io.squisher.tf.export.rules.indexing;
