package io.squisher.apps.ewc;

import io.squisher.weights.WeightSource;

/**
 * A task that was learned.
 *
 * @param weights θ* after it; open until the consolidated penalty is written
 * @param importance how firmly they are held
 * @param weight factor of the importance; not negative
 */
public record EwcTask(WeightSource weights, Importance importance, double weight) {}
