package io.squisher.apps.cli.option;

import io.squisher.SquisherException;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Looks at every option that was given before the command runs, by what was declared of it. */
public final class GivenOptions {
    private GivenOptions() {}

    /**
     * Refuses values outside the {@link Domain} of their option, and options that are given twice where one value is taken:
     * the parser would silently use the first.
     *
     * @throws UsageException naming the option
     */
    public static void check(String command, CommandLine line) {
        Values values = new Values(command, line);
        Set<Option> seen = new HashSet<>();
        for (Option option : line.getOptions()) {
            if (!option.hasArg()) {
                continue;
            }
            String name = spell(option);
            Domain<?> domain = domain(option);
            try {
                domain.apply(option.getValue());
            } catch (SquisherException e) {
                throw values.wrong(name + " " + e.getMessage());
            }
            if (!seen.add(option) && !domain.isRepeatable()) {
                throw values.wrong(name + " is given twice, and takes one value");
            }
        }
    }

    private static Domain<?> domain(Option option) {
        if (option.getConverter() instanceof Domain<?> declared) {
            return declared;
        }
        return option.getConverter() instanceof OutputKind ? Domain.PATH : Domain.TEXT;
    }

    /** An option as a help page lists it: {@code -o, --out FILE}. */
    public static String entry(Option option) {
        return (option.getOpt() == null ? "" : "-" + option.getOpt() + ", ") + "--" + option.getLongOpt()
                + (option.hasArg() ? " " + option.getArgName() : "");
    }

    /** An option as a message names it. */
    public static String spell(Option option) {
        return option.getOpt() == null ? "--" + option.getLongOpt() : "-" + option.getOpt();
    }
}
