package io.squisher.examples.reproduce;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The experiments that the command knows. */
enum Experiment {
    QUICK(QuickSettings::all),
    FULL(FullSettings::all),
    ABLATIONS(AblationSettings::all);

    private final Supplier<List<Planned>> settings;

    Experiment(Supplier<List<Planned>> settings) {
        this.settings = settings;
    }

    List<Planned> plan() {
        return settings.get();
    }

    /** Its option, without dashes. */
    String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of its settings. */
    List<String> names() {
        return plan().stream().map(planned -> planned.setting().name()).toList();
    }
}
