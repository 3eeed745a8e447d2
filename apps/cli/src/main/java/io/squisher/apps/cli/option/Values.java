package io.squisher.apps.cli.option;

import io.squisher.SquisherException;
import io.squisher.fisher.FisherScale;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

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
        Optional<Option> given = given(option);
        if (given.isPresent() && !OutputGuard.isInput(given.get())) {
            throw new IllegalStateException(spell(option) + " is not declared as a file to read: Domain.PATH");
        }
        return read(option, Domain.PATH);
    }

    /** The paths of an option that may be given several times, in their order. */
    public List<Path> paths(String option) {
        path(option);
        return Arrays.stream(Optional.ofNullable(line.getOptionValues(option)).orElse(new String[0]))
                .map(this::toPath)
                .toList();
    }

    private Optional<Option> given(String option) {
        return Arrays.stream(line.getOptions())
                .filter(given -> option.equals(given.getOpt()) || option.equals(given.getLongOpt()))
                .findFirst();
    }

    /** The path of an option that must be given. */
    public Path requiredPath(String option) {
        return path(option).orElseThrow(() -> wrong("missing " + spell(option)));
    }

    /** Whether everything is done but writing. */
    public boolean isDryRun() {
        return line.hasOption(OutputGuard.DRY_RUN);
    }

    /** Where to write ({@code -o}), which must be given unless nothing is to be written. */
    public Optional<Output> outputUnlessDryRun() {
        return isDryRun() ? Optional.empty() : Optional.of(place().orElseThrow(() -> wrong("missing -o")));
    }

    /** Where the output ({@code -o}) would be, to look at its name under {@code --dry-run} too. */
    public Optional<Output> place() {
        return placeOf("o");
    }

    /** Where to write what an option names, which {@link OutputGuard} has looked at; nowhere under {@code --dry-run}. */
    public Optional<Output> outputPath(String option) {
        return placeOf(option).filter(place -> !isDryRun());
    }

    private Optional<Output> placeOf(String option) {
        Optional<Path> path = read(option, Domain.PATH);
        if (path.isPresent() && !(given(option).orElseThrow().getConverter() instanceof OutputKind)) {
            throw new IllegalStateException(spell(option) + " is not declared as an output: OutputKind");
        }
        return path.map(Output::new);
    }

    /** The folder for a report ({@code -o}), or one of the command's choice. */
    public Path reportFolder(String ifNotGiven) {
        Optional<Output> given = place();
        Path folder = given.map(Output::path).orElseGet(() -> toPath(ifNotGiven));
        if (given.isEmpty()) {
            OutputGuard.checkDefault(this, line, OutputKind.REPORT_FOLDER, folder);
        }
        return folder;
    }

    /** The number given by an option, within what its {@link Domain} allows. */
    public Optional<Double> number(String option) {
        return declared(option, Double.class);
    }

    /** The whole number given by an option, within what its {@link Domain} allows. */
    public Optional<Long> wholeNumber(String option) {
        return declared(option, Long.class);
    }

    private <T> Optional<T> declared(String option, Class<T> type) {
        return text(option).map(value -> {
            try {
                return type.cast(line.<Object>getParsedOptionValue(option));
            } catch (ParseException e) {
                throw new IllegalStateException("no Domain was asked about " + spell(option), e);
            }
        });
    }

    /** One of an enum's constants, written in lower case with hyphens. */
    public <E extends Enum<E>> Optional<E> choice(String option, Class<E> type) {
        return read(option, Domain.oneOf(type));
    }

    /** The {@code --scale} of accumulators. */
    public Optional<FisherScale> scale() {
        return read("scale", Domain.SCALE);
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
        return read(option, Domain.REGEX);
    }

    private <T> Optional<T> read(String option, Domain<T> domain) {
        return text(option).map(value -> {
            try {
                return domain.apply(value);
            } catch (SquisherException e) {
                throw wrong(spell(option) + " " + e.getMessage());
            }
        });
    }

    /** The words after the options, of which there must be as many as {@code names} lists. */
    public List<Path> arguments(String... names) {
        List<String> given = line.getArgList();
        if (given.size() != names.length) {
            throw wrong("expected " + String.join(" ", names) + ", got "
                    + (given.isEmpty() ? "nothing" : Quoted.of(String.join(" ", given))));
        }
        return given.stream().map(this::toPath).toList();
    }

    /** The words after the options, at least one: the first is {@code name}. */
    public List<Path> argumentsFrom(String name) {
        return line.getArgList().isEmpty()
                ? arguments(name)
                : line.getArgList().stream().map(this::toPath).toList();
    }

    /** Refuses words that belong to no option. */
    public void noArguments() {
        if (!line.getArgList().isEmpty()) {
            throw wrong("takes no argument, got " + Quoted.of(line.getArgList().get(0)));
        }
    }

    /** A word that belongs to no option, as a path. */
    public Path toPath(String word) {
        if (word.isEmpty()) {
            throw wrong("a path is empty: '' stands where a file is expected");
        }
        try {
            return Domain.PATH.apply(word);
        } catch (SquisherException e) {
            throw wrong("an argument " + e.getMessage());
        }
    }

    /** The exception for a wrong use of this command. */
    public UsageException wrong(String what) {
        return new UsageException(command + ": " + what + "; see 'squisher " + command + " --help'");
    }

    /** A constant as it is written on the command line. */
    public static String spellConstant(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An option as it is written on the command line. */
    static String spell(String option) {
        return (option.length() == 1 ? "-" : "--") + option;
    }
}
