package io.squisher.apps.cli.command.completion;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.OutputGuard;
import io.squisher.apps.cli.option.OutputKind;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/**
 * What a script knows of an option.
 *
 * @param shortName its letter; empty if there is none
 * @param longName its name without hyphens
 * @param repeatable whether it may be given several times
 * @param words what its value may be, for {@link Value#WORD}; else none
 */
record CompletedOption(
        String shortName, String longName, String description, boolean repeatable, Value value, List<String> words) {
    /** What follows an option. */
    enum Value {
        /** No value. */
        NONE,
        /** One of some words. */
        WORD,
        /** A file, to read or to write, or a folder that stands for files. */
        FILE,
        /** A folder. */
        FOLDER,
        /** Something that nobody can propose, such as a number. */
        OTHER
    }

    static CompletedOption of(Option option) {
        List<String> words = option.getConverter() instanceof Domain<?> domain ? domain.words() : List.of();
        return new CompletedOption(
                Objects.requireNonNullElse(option.getOpt(), ""),
                option.getLongOpt(),
                option.getDescription(),
                option.getConverter() instanceof Domain<?> domain && domain.isRepeatable(),
                value(option, words),
                words);
    }

    private static Value value(Option option, List<String> words) {
        if (!option.hasArg()) {
            return Value.NONE;
        }
        if (option.getConverter() instanceof OutputKind kind) {
            return kind.isFolder() ? Value.FOLDER : Value.FILE;
        }
        if (OutputGuard.isInput(option)) {
            return Value.FILE;
        }
        return words.isEmpty() ? Value.OTHER : Value.WORD;
    }

    /** As it is written on a command line: {@code -o}, {@code --out}. */
    List<String> spellings() {
        return Stream.of(shortName.isEmpty() ? "" : "-" + shortName, "--" + longName)
                .filter(spelling -> !spelling.isEmpty())
                .toList();
    }
}
