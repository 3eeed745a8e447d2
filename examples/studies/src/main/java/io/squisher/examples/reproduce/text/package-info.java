/**
 * The paper's settings on text tasks with a pre-trained encoder: {@code squisher reproduce --text}.
 * {@code task} reads, {@code model} trains, {@code unit} runs and keeps, {@code study} has a file for each setting, and
 * {@code report} tells. Start at {@code TextReproduction}.
 */
package io.squisher.examples.reproduce.text;
