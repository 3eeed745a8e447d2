package io.squisher.examples.reproduce.text.unit;

/**
 * A number that a unit measured.
 *
 * @param part the name of the quantity
 * @param x place on the quantity's axis; 0 where it has none
 * @param item what it is of: a task, a pair of tasks
 */
public record TextPoint(String part, String method, double x, String item, double value) {}
