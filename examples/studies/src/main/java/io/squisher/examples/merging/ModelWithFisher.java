package io.squisher.examples.merging;

import java.nio.file.Path;

/** A model file and the file of its sensitivities: a Fisher or a Squisher. */
public record ModelWithFisher(Path model, Path fisher) {}
