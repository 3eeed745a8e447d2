package io.squisher.examples.reproduce.experiment;

import io.squisher.examples.reproduce.running.Planned;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The experiments that the command knows. */
public enum Experiment {
    QUICK(QuickSettings::all),
    FULL(FullSettings::all),
    ABLATIONS(AblationSettings::all);

    private final Supplier<List<Planned>> settings;

    Experiment(Supplier<List<Planned>> settings) {
        this.settings = settings;
    }

    public List<Planned> plan() {
        return settings.get();
    }

    /** Its option, without dashes. */
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of its settings. */
    public List<String> names() {
        return plan().stream().map(planned -> planned.setting().name()).toList();
    }
}
