package io.squisher.examples.reproduce;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a setting is given for one seed.
 *
 * @param folder its own, for models; it exists
 * @param chosen hyperparameters that {@link Setting#choose} found, by method
 */
record Run(long seed, Path folder, ImageSource source, Map<String, Double> chosen) {}
