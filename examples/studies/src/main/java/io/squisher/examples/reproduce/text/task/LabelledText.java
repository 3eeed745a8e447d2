package io.squisher.examples.reproduce.text.task;

/**
 * A text and its class.
 *
 * @param label from 0
 */
public record LabelledText(String text, int label) {}
