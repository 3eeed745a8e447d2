package io.squisher.apps.unlearn;

/**
 * What dampening does to one tensor.
 *
 * @param parameters its elements
 * @param dampened how many are selected
 * @param meanFactor mean of what the selected ones are multiplied with, 0 to 1; 1 where there are none
 * @param change Euclidean norm of the change over that of the weights before; 0 where those are 0
 * @param largestRatio the largest F_forget / F_all; infinite where F_all alone is 0
 * @param unseen selected elements whose F_all is 0: they become 0
 */
public record DampenedTensor(
        long parameters, long dampened, double meanFactor, double change, double largestRatio, long unseen) {}
