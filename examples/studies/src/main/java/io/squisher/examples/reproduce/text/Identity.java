package io.squisher.examples.reproduce.text;

import io.squisher.examples.reproduce.setting.ShortHash;
import io.squisher.examples.reproduce.text.model.FineTuning;
import io.squisher.examples.reproduce.text.model.TextSizes;
import io.squisher.examples.reproduce.text.study.TextSetting;
import io.squisher.examples.reproduce.text.study.TextSettings;
import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.Unit;
import java.util.List;

/**
 * What results depend on but their seed, as short hashes.
 *
 * @param encoder its name
 */
record Identity(String encoder, TextSizes sizes, List<TextTask> tasks) {
    /** To be counted up where the code changes what a unit does under the same words. */
    private static final int REVISION = 1;

    private static final int LETTERS = 12;

    /** The hash of a unit's conditions. */
    String of(Unit unit) {
        String words = TextSettings.reported().stream()
                .filter(setting -> setting.name().equals(unit.setting()))
                .map(TextSetting::words)
                .findFirst()
                .orElseThrow();
        return text(words);
    }

    /** The hash of what all share, and some words. */
    String text(String words) {
        String all = REVISION + "\n" + encoder + "\n" + sizes + "\n" + FineTuning.USUAL.words() + "\n"
                + tasks.stream()
                        .map(task -> task.name() + " " + task.training().size())
                        .toList()
                + "\n" + words;
        return ShortHash.of(all, LETTERS);
    }
}
