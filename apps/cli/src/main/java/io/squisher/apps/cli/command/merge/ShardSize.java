package io.squisher.apps.cli.command.merge;

import io.squisher.SquisherException;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Quoted;
import io.squisher.apps.cli.option.Values;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.cli.Option;

/** {@code --out-shard-size}: the bytes at which a model in several files begins a new one. */
final class ShardSize {
    private static final String OPTION = "out-shard-size";
    private static final String INDEX = ".safetensors.index.json";
    private static final List<String> UNITS = List.of("KB", "MB", "GB", "TB");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?([KMGT]B)");

    private ShardSize() {}

    static Option declare() {
        return Flags.value(
                OPTION,
                "SIZE",
                Domain.of(ShardSize::parse),
                "for an output that ends in " + INDEX + ": begin a new file at this size, such as 2GB; default 5GB");
    }

    /** Bytes; powers of 1000, as Hugging Face counts. */
    static long parse(String text) {
        Matcher size = SIZE.matcher(text);
        if (size.matches()) {
            BigDecimal unit = BigDecimal.valueOf(1000).pow(UNITS.indexOf(size.group(2)) + 1);
            long bytes = new BigDecimal(size.group(1)).multiply(unit).longValue();
            if (bytes > 0) {
                return bytes;
            }
        }
        throw new SquisherException("takes a number above 0 and KB, MB, GB or TB, such as 5GB, not " + Quoted.of(text));
    }

    static OptionalLong of(Values values) {
        if (!values.has(OPTION)) {
            return OptionalLong.empty();
        }
        if (values.has("shard-range")) {
            throw values.wrong(
                    "--" + OPTION + " has no place beside --shard-range, which says how many files there are");
        }
        values.place().ifPresent(output -> {
            if (!output.path().getFileName().toString().endsWith(INDEX)) {
                throw values.wrong("--" + OPTION + " goes with an output of several files, whose name ends in " + INDEX
                        + ", not '" + output + "'");
            }
        });
        return OptionalLong.of(parse(values.text(OPTION).orElseThrow()));
    }
}
