package io.squisher.apps.cli;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherScale;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.commons.cli.CommandLine;

/** Typed values of options; every mismatch is a {@link UsageException} that names the option and what it takes. */
public final class Values {
    private final String command;
    private final CommandLine line;

    /** The values of {@code line}, given to the command called {@code command}. */
    public Values(String command, CommandLine line) {
        this.command = command;
        this.line = line;
    }

    /** The text of an option, if given. */
    public Optional<String> text(String option) {
        return Optional.ofNullable(line.getOptionValue(option));
    }

    /** Whether an option without a value is given. */
    public boolean has(String option) {
        return line.hasOption(option);
    }

    /** The path of a file to read given by an option. */
    public Optional<Path> path(String option) {
        if (isOutput(option)) {
            throw new IllegalStateException(spell(option) + " is an output, which outputPath gives");
        }
        return text(option).map(this::toPath);
    }

    private boolean isOutput(String option) {
        return Arrays.stream(line.getOptions())
                .anyMatch(given -> (option.equals(given.getOpt()) || option.equals(given.getLongOpt()))
                        && given.getConverter() instanceof OutputKind);
    }

    /** The path of an option that must be given. */
    public Path requiredPath(String option) {
        return path(option).orElseThrow(() -> wrong("missing " + spell(option)));
    }

    /** Where to write ({@code -o}), which must be given unless nothing is to be written. */
    public Optional<Output> outputUnlessDryRun() {
        if (line.hasOption("dry-run")) {
            return Optional.empty();
        }
        return Optional.of(output());
    }

    /** Where to write ({@code -o}), which must be given. */
    public Output output() {
        return outputPath("o").orElseThrow(() -> wrong("missing -o"));
    }

    /** Where to write what an option names, which {@link OutputGuard} has looked at. */
    public Optional<Output> outputPath(String option) {
        Optional<Path> path = text(option).map(this::toPath);
        if (path.isPresent() && !isOutput(option)) {
            throw new IllegalStateException(spell(option) + " is not declared as an output");
        }
        return path.map(Output::new);
    }

    /** The folder for a report ({@code -o}), or one of the command's choice. */
    public Path reportFolder(String ifNotGiven) {
        Optional<Output> given = outputPath("o");
        Path folder = given.map(Output::path).orElseGet(() -> toPath(ifNotGiven));
        if (given.isEmpty()) {
            OutputGuard.checkDefault(this, line, OutputKind.REPORT_FOLDER, folder);
        }
        return folder;
    }

    /** The number given by an option; finite. */
    public Optional<Double> number(String option) {
        return text(option).map(value -> toNumber(option, value));
    }

    /** A whole number of at least {@code least}. */
    public Optional<Long> wholeNumber(String option, long least) {
        return text(option).map(value -> {
            try {
                long number = Long.parseLong(value);
                if (number >= least) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // The message below says it for both.
            }
            throw wrong(spell(option) + " takes a whole number of at least " + least + ", not '" + value + "'");
        });
    }

    /** A number above 0 and at most 1. */
    public Optional<Double> fraction(String option) {
        return number(option).map(value -> {
            if (value > 0 && value <= 1) {
                return value;
            }
            throw wrong(spell(option) + " takes a number above 0 and at most 1, not " + value);
        });
    }

    /** One of an enum's constants, written in lower case with hyphens. */
    public <E extends Enum<E>> Optional<E> choice(String option, Class<E> type) {
        return text(option).map(value -> {
            List<String> choices = Arrays.stream(type.getEnumConstants())
                    .map(Values::spellConstant)
                    .toList();
            int index = choices.indexOf(value);
            if (index < 0) {
                throw wrong(spell(option) + " takes one of " + String.join(", ", choices) + ", not '" + value + "'"
                        + Suggestions.nearest(value, choices)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(""));
            }
            return type.getEnumConstants()[index];
        });
    }

    /** The {@code --scale} of accumulators. */
    public Optional<FisherScale> scale() {
        return text("scale").map(value -> valid(() -> FisherScale.parse(value)));
    }

    /** What {@code maker} makes of option values; a value that it refuses is wrong usage. */
    public <T> T valid(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (UsageException e) {
            throw e;
        } catch (SquisherException e) {
            throw wrong(e.getMessage());
        }
    }

    /** A regular expression. */
    public Optional<Pattern> regex(String option) {
        return text(option).map(value -> {
            try {
                return Pattern.compile(value);
            } catch (PatternSyntaxException e) {
                throw wrong(
                        spell(option) + " takes a regular expression, '" + value + "' is none: " + e.getDescription());
            }
        });
    }

    /** The words after the options, of which there must be as many as {@code names} lists. */
    public List<Path> arguments(String... names) {
        List<String> given = line.getArgList();
        if (given.size() != names.length) {
            throw wrong("expected " + String.join(" ", names) + ", got "
                    + (given.isEmpty() ? "nothing" : "'" + String.join(" ", given) + "'"));
        }
        return given.stream().map(this::toPath).toList();
    }

    /** Refuses words that belong to no option. */
    public void noArguments() {
        if (!line.getArgList().isEmpty()) {
            throw wrong("unexpected '" + line.getArgList().get(0) + "'");
        }
    }

    /** A path, or a complaint about its characters. */
    public Path toPath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw wrong("'" + text + "' is no path: " + e.getReason());
        }
    }

    /** A finite number, or a complaint. */
    public double toNumber(String option, String value) {
        try {
            double number = Double.parseDouble(value);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The message below says it for both.
        }
        throw wrong(spell(option) + " takes a number, not '" + value + "'");
    }

    /** The exception for a wrong use of this command. */
    public UsageException wrong(String what) {
        return new UsageException(command + ": " + what + "; see 'squisher " + command + " --help'");
    }

    /** A constant as it is written on the command line. */
    public static String spellConstant(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String spell(String option) {
        return (option.length() == 1 ? "-" : "--") + option;
    }
}
