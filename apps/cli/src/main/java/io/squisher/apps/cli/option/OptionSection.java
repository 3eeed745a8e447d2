package io.squisher.apps.cli.option;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Under which heading a help page lists an option. Options of one name mean the same in every command. */
public enum OptionSection {
    /** What is read, and what must be decided. */
    MAIN("Main options"),
    METHOD("Method"),
    OUTPUT("Output"),
    /** What few need. */
    ADVANCED("Advanced");

    private static final Set<String> MAIN_NAMES = Set.of(
            "batch-size",
            "budget",
            "epochs",
            "head",
            "keep",
            "kind",
            "lambda",
            "learning-rate",
            "likelihood",
            "output",
            "pool",
            "seeds",
            "setting",
            "shard",
            "sparsity",
            "until",
            "weight");

    private static final Set<String> OUTPUT_NAMES =
            Set.of("dry-run", "dtype", "force", "json", "quiet", "top", "no-statistics", "verbose");

    private static final Set<String> ADVANCED_NAMES = Set.of(
            "allow-missing",
            "allow-other-model",
            "allow-partial",
            "alpha",
            "assume-order",
            "axis",
            "base-weight",
            "channel-axis",
            "debug",
            "delta0",
            "device",
            "elsewhere",
            "example-axis",
            "excluded",
            "excluded-count",
            "feed",
            "filter-axis",
            "floor-value",
            "help",
            "ids",
            "ignore-index",
            "include-constants",
            "keep-shapes",
            "lambda-convention",
            "loss-reduction",
            "outputs-are-logits",
            "params",
            "row-group",
            "shape",
            "shard-range",
            "shared",
            "strip-prefix",
            "threads",
            "tied",
            "variance",
            "vectors");

    private final String heading;

    OptionSection(String heading) {
        this.heading = heading;
    }

    /** The words above its options. */
    public String heading() {
        return heading;
    }

    /** The section of an option. */
    static OptionSection of(Option option) {
        String name = option.getLongOpt();
        if (option.getConverter() instanceof OutputKind || OUTPUT_NAMES.contains(name)) {
            return OUTPUT;
        }
        if (ADVANCED_NAMES.contains(name)) {
            return ADVANCED;
        }
        return OutputGuard.isInput(option) || MAIN_NAMES.contains(name) ? MAIN : METHOD;
    }

    /** All options by section, in the order in which they were declared; no section is empty. */
    public static Map<OptionSection, List<Option>> sections(Options options) {
        Map<OptionSection, List<Option>> sections = new EnumMap<>(OptionSection.class);
        options.getOptions().forEach(option -> sections.computeIfAbsent(of(option), none -> new ArrayList<>())
                .add(option));
        return sections;
    }

    /** The names that this class knows, so that a test can say which of them no command has. */
    static List<String> names() {
        List<String> names = new ArrayList<>(MAIN_NAMES);
        names.addAll(OUTPUT_NAMES);
        names.addAll(ADVANCED_NAMES);
        return names;
    }
}
