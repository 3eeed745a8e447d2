package io.squisher.examples.reproduce.text.model;

import java.nio.file.Path;

/**
 * A fine-tuned encoder on disk.
 *
 * @param model with its head
 * @param squisher the squared gradients of its training
 * @param texts how many it was trained on
 * @param seconds that the training took, whenever it was run
 */
public record TunedModel(Path model, Path squisher, int texts, double seconds) {}
