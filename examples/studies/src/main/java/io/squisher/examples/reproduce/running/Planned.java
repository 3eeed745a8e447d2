package io.squisher.examples.reproduce.running;

import io.squisher.examples.reproduce.setting.Setting;
import java.util.List;

/**
 * A setting and how often it is run.
 *
 * @param seeds 1 to this
 */
public record Planned(Setting setting, int seeds) {
    /** All with as many seeds. */
    public static List<Planned> each(int seeds, List<Setting> settings) {
        return settings.stream().map(setting -> new Planned(setting, seeds)).toList();
    }
}
