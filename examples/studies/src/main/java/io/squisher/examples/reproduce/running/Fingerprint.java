package io.squisher.examples.reproduce.running;

import io.squisher.examples.reproduce.setting.ImageSource;
import io.squisher.examples.reproduce.setting.Setting;
import io.squisher.examples.reproduce.setting.ShortHash;
import java.util.Map;

/** A short hash of everything that a run depends on but its seed. */
final class Fingerprint {
    /** To be counted up where the code changes what a run does under the same hyperparameters. */
    private static final int REVISION = 2;

    private static final int LETTERS = 16;

    private Fingerprint() {}

    static String of(Setting setting, ImageSource source, Map<String, Double> chosen) {
        String text = REVISION + "\n" + source.name() + "\n" + setting.name() + "\n" + setting.hyperparameters() + "\n"
                + chosen;
        return ShortHash.of(text, LETTERS);
    }
}
