package io.squisher.examples.reproduce.text.study;

import io.squisher.examples.reproduce.text.task.TextTask;
import io.squisher.examples.reproduce.text.unit.Unit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** All settings on texts, in the order of the report. */
public final class TextSettings {
    /** The tasks that are looked for, those of the settings with few tasks first. */
    public static final List<String> TASKS = List.of(
            "sst2",
            "trec",
            "subj",
            "cr",
            "mpqa",
            "tweet_emotion",
            "sms_spam",
            "snips",
            "tweet_irony",
            "tweet_emoji",
            "atis",
            "banking77",
            "clinc_auto_and_commute",
            "clinc_banking",
            "clinc_credit_cards",
            "clinc_home",
            "clinc_kitchen_and_dining",
            "clinc_meta",
            "clinc_small_talk",
            "clinc_travel",
            "clinc_utility",
            "clinc_work");

    private static final FineTunedTasks MODELS = new FineTunedTasks();

    private static final List<TextSetting> SETTINGS = List.of(
            new TextMerging(),
            new TextUbgm(),
            new TextMask(),
            new TextEmbedding(),
            new TextPruning(),
            new TextEwc(),
            new TextNeeds());

    private TextSettings() {}

    /** Those that can be chosen. */
    public static List<TextSetting> all() {
        return SETTINGS;
    }

    /** Those that results may be of, the models that others start from first. */
    public static List<TextSetting> reported() {
        List<TextSetting> all = new ArrayList<>(List.of(MODELS));
        all.addAll(SETTINGS);
        return all;
    }

    /**
     * Everything that is to be measured, seed by seed, so that whenever it ends there is something of every setting.
     *
     * @param seeds of each setting; what the setting says unless given
     */
    public static List<Unit> units(TextStudy study, List<TextSetting> settings, OptionalInt seeds) {
        List<Unit> units = new ArrayList<>();
        int most = settings.stream()
                .mapToInt(setting -> seeds.orElse(setting.seeds()))
                .max()
                .orElse(0);
        for (int seed = 1; seed <= most; seed++) {
            int number = seed;
            List<TextSetting> running = settings.stream()
                    .filter(setting -> number <= seeds.orElse(setting.seeds()))
                    .toList();
            Set<TextTask> tuned = new LinkedHashSet<>();
            running.forEach(setting -> tuned.addAll(setting.tuned(study)));
            if (number == 1 && !tuned.isEmpty()) {
                units.addAll(MODELS.rates(study));
            }
            units.addAll(MODELS.units(study, List.copyOf(tuned), number));
            running.forEach(setting -> units.addAll(setting.units(study, number)));
        }
        return units;
    }
}
