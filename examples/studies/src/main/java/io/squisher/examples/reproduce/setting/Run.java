package io.squisher.examples.reproduce.setting;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a setting is given for one seed.
 *
 * @param folder its own, for models; it exists
 * @param chosen hyperparameters that {@link Setting#choose} found, by method
 * @param notes what an interrupted run of the same kind and seed has measured already
 */
public record Run(long seed, Path folder, ImageSource source, Map<String, Double> chosen, Notes notes) {}
