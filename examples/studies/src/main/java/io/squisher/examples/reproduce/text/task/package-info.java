/**
 * Text-classification tasks from a folder of tables, the part of one that a seed draws, and the encoder that reads them.
 * Start at {@code TextTask}.
 */
package io.squisher.examples.reproduce.text.task;
