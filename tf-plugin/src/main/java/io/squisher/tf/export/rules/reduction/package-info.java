/** Operations that sum over axes: reductions, products of matrices, softmax. Start at {@code ReductionRules}. */
package io.squisher.tf.export.rules.reduction;
