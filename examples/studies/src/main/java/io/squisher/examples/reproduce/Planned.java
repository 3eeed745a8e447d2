package io.squisher.examples.reproduce;

import java.util.List;

/**
 * A setting and how often it is run.
 *
 * @param seeds 1 to this
 */
record Planned(Setting setting, int seeds) {
    /** All with as many seeds. */
    static List<Planned> each(int seeds, List<Setting> settings) {
        return settings.stream().map(setting -> new Planned(setting, seeds)).toList();
    }
}
