package io.squisher.apps.cli.option;

import io.squisher.SquisherException;
import io.squisher.Suggestions;
import io.squisher.apps.cli.Main;
import io.squisher.fisher.FisherScale;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.commons.cli.Converter;

/**
 * The values that an option takes. It is declared with the option, and {@link Main} asks it about every value that was given
 * before the command runs, so that no command checks a number, a path or a word itself. A refusal completes a sentence that
 * begins with the option's name.
 *
 * @param <T> what a value becomes
 */
public final class Domain<T> implements Converter<T, SquisherException> {
    /** Any words. */
    public static final Domain<String> TEXT = new Domain<>(text -> text);

    /** A path, of which only its spelling is checked. */
    public static final Domain<Path> PATH = new Domain<>(Domain::toPath);

    /** A regular expression. */
    public static final Domain<Pattern> REGEX = new Domain<>(Domain::toRegex);

    /** Every whole number of 64 bits. */
    public static final Domain<Long> SEED = wholeNumber(Long.MIN_VALUE, Long.MAX_VALUE);

    /** A number of things: 1 or more. */
    public static final Domain<Long> COUNT = wholeNumber(1, Long.MAX_VALUE);

    /** Any finite number. */
    public static final Domain<Double> NUMBER = number("a number", value -> true);

    /** 0 or more. */
    public static final Domain<Double> NOT_NEGATIVE = number("a number of at least 0", value -> value >= 0);

    /** More than 0. */
    public static final Domain<Double> POSITIVE = number("a number above 0", value -> value > 0);

    /** More than 0, at most 1. */
    public static final Domain<Double> SHARE =
            number("a number above 0 and at most 1", value -> value > 0 && value <= 1);

    /** 0 to 1. */
    public static final Domain<Double> SHARE_OR_NONE =
            number("a number from 0 to 1", value -> value >= 0 && value <= 1);

    /** 0 to below 1. */
    public static final Domain<Double> BELOW_ONE =
            number("a number of at least 0 and below 1", value -> value >= 0 && value < 1);

    /** What accumulators are multiplied by. */
    public static final Domain<FisherScale> SCALE = new Domain<>(Domain::toScale).offering("none", "batch", "dataset");

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]+");

    /** Java would also take {@code 1d}, {@code 0x1p3}, {@code Infinity} and blanks around a number. */
    private static final Pattern REAL_NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    /** Java takes time with the square of a literal's length to prepare a search for it. */
    private static final int LONGEST_REGEX = 10_000;

    private final Function<String, T> reader;
    private final boolean repeatable;
    private final List<String> words;

    private Domain(Function<String, T> reader) {
        this(reader, false, List.of());
    }

    private Domain(Function<String, T> reader, boolean repeatable, List<String> words) {
        this.reader = reader;
        this.repeatable = repeatable;
        this.words = List.copyOf(words);
    }

    /** What {@code reader} makes of a text; it throws a {@link SquisherException} for a text that it does not take. */
    public static <T> Domain<T> of(Function<String, T> reader) {
        return new Domain<>(reader);
    }

    /** Whole numbers from {@code least} to {@code most}. */
    public static Domain<Long> wholeNumber(long least, long most) {
        String what = "a whole number "
                + (most < Long.MAX_VALUE
                        ? "from " + least + " to " + most
                        : least > Long.MIN_VALUE ? "of at least " + least : "of 64 bits");
        return new Domain<>(text -> {
            try {
                long number = WHOLE_NUMBER.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
                boolean isNumber = number > Long.MIN_VALUE || text.equals(Long.toString(Long.MIN_VALUE));
                if (isNumber && number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Too many digits; the message below says it for all.
            }
            throw refused(what, text);
        });
    }

    /** Counts up to what an {@code int} holds. */
    public static Domain<Long> countUpTo(int most) {
        return wholeNumber(1, most);
    }

    /** One of an enum's constants, written in lower case with hyphens. */
    public static <E extends Enum<E>> Domain<E> oneOf(Class<E> type) {
        List<String> choices = Arrays.stream(type.getEnumConstants())
                .map(Values::spellConstant)
                .toList();
        return new Domain<>(text -> type.getEnumConstants()[choices.indexOf(word(text, choices))], false, choices);
    }

    /** One of some words. */
    public static Domain<String> oneOf(List<String> words) {
        return new Domain<>(text -> word(text, words), false, words);
    }

    private static Domain<Double> number(String what, DoublePredicate isIn) {
        return new Domain<>(text -> {
            double number = REAL_NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
            if (Double.isFinite(number) && isIn.test(number)) {
                return number;
            }
            throw refused(what, text);
        });
    }

    /** What {@code meaning} makes of these values. */
    public <R> Domain<R> map(Function<T, R> meaning) {
        return new Domain<>(text -> meaning.apply(reader.apply(text)), repeatable, words);
    }

    /** The same, with words among its values that a shell may propose. */
    public Domain<T> offering(String... proposed) {
        return new Domain<>(reader, repeatable, List.of(proposed));
    }

    /** The values that have a name, to propose them; a domain may take others too. */
    public List<String> words() {
        return words;
    }

    /** The same for an option that may be given several times: one value each. */
    public Domain<T> repeated() {
        return new Domain<>(reader, true, words);
    }

    /** Whether the values are paths, and so the option names a file or a folder to read. */
    boolean isPath() {
        return reader == PATH.reader;
    }

    /** Whether the option may be given several times. */
    public boolean isRepeatable() {
        return repeatable;
    }

    /** This, or a word that stands for something else. */
    public Domain<T> or(String word, T meaning) {
        List<String> more = Stream.concat(words.stream(), Stream.of(word)).toList();
        return new Domain<>(text -> text.equals(word) ? meaning : reader.apply(text), repeatable, more);
    }

    /**
     * What a value means.
     *
     * @throws SquisherException {@code takes a whole number of at least 1, not 'many'}
     */
    @Override
    public T apply(String text) {
        if (text.isEmpty()) {
            throw new SquisherException("was given without a value");
        }
        return reader.apply(text);
    }

    private static String word(String text, List<String> words) {
        if (words.contains(text)) {
            return text;
        }
        throw new SquisherException("takes one of " + String.join(", ", words) + ", not " + Quoted.of(text)
                + Suggestions.didYouMean(text, words));
    }

    private static FisherScale toScale(String text) {
        List<String> names = List.of("none", "batch", "dataset");
        if (names.contains(text)) {
            return FisherScale.parse(text);
        }
        if (REAL_NUMBER.matcher(text).matches()
                && Double.isFinite(Double.parseDouble(text))
                && Double.parseDouble(text) > 0) {
            return FisherScale.of(Double.parseDouble(text));
        }
        throw new SquisherException("takes none, batch, dataset or a number above 0, not " + Quoted.of(text)
                + Suggestions.didYouMean(text, names));
    }

    private static Path toPath(String text) {
        try {
            Path path = Path.of(text);
            if (path.getFileName() == null) {
                throw new SquisherException("takes a path, and " + Quoted.of(text) + " is the root of all files");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new SquisherException("takes a path, and " + Quoted.of(text) + " is none: " + e.getReason(), e);
        }
    }

    private static Pattern toRegex(String text) {
        if (text.length() > LONGEST_REGEX) {
            throw new SquisherException(
                    "takes a regular expression of at most " + LONGEST_REGEX + " characters, not " + text.length());
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new SquisherException(
                    "takes a regular expression, " + Quoted.of(text) + " is none: " + e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw new SquisherException("takes a regular expression, " + Quoted.of(text) + " nests too deeply", e);
        }
    }

    private static SquisherException refused(String what, String text) {
        return new SquisherException("takes " + what + ", not " + Quoted.of(text));
    }
}
