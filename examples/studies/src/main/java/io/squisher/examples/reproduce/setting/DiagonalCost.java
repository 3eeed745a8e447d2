package io.squisher.examples.reproduce.setting;

/**
 * What the diagonals of one model took, seconds.
 *
 * @param fisher building the gradient graph, the pass over the examples, writing the file
 * @param examples how many examples the pass went over
 * @param exact the same for the exact Fisher; NaN where it was not computed
 * @param squisher loading every number of the accumulator
 * @param parameters how many parameters the model has
 */
public record DiagonalCost(double fisher, long examples, double exact, double squisher, long parameters) {}
