package io.squisher.examples.reproduce.text.unit;

import java.util.List;

/**
 * What a unit measured.
 *
 * @param setting the setting's name
 * @param unit its name within the setting
 * @param fingerprint of everything that it depends on but the seed
 * @param seconds wall-clock
 */
public record UnitResult(
        String setting, String unit, long seed, String fingerprint, double seconds, List<TextPoint> points) {}
