package io.squisher.apps.cli.command.fisher;

import io.squisher.SquisherException;
import io.squisher.apps.cli.option.Quoted;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a user says of columns: {@code image=pixels,mask=m}, {@code labels=1x8x8}. */
public final class ColumnNames {
    private ColumnNames() {}

    /**
     * The column of each input.
     *
     * @throws SquisherException if the text has another form, or says two things of one input
     */
    public static Map<String, String> parse(String text) {
        return pairs(text, "INPUT=COLUMN, several between commas, such as image=pixels");
    }

    /**
     * The shape of each name.
     *
     * @throws SquisherException if the text has another form, or says two things of one name
     */
    public static Map<String, long[]> shapes(String text) {
        String form = "NAME=SIZES, several between commas, such as labels=1x8x8";
        Map<String, long[]> shapes = new LinkedHashMap<>();
        pairs(text, form).forEach((name, sizes) -> {
            if (!sizes.matches("[1-9][0-9]{0,8}(x[1-9][0-9]{0,8}){0,15}")) {
                throw new SquisherException("takes " + form + ", not " + Quoted.of(text));
            }
            shapes.put(name, dims(sizes, text));
        });
        return shapes;
    }

    private static long[] dims(String sizes, String text) {
        long[] dims = Stream.of(sizes.split("x")).mapToLong(Long::parseLong).toArray();
        try {
            Math.toIntExact(LongStream.of(dims).reduce(1, Math::multiplyExact));
        } catch (ArithmeticException e) {
            throw new SquisherException("takes shapes of less than 2^31 elements, not " + Quoted.of(text), e);
        }
        return dims;
    }

    private static Map<String, String> pairs(String text, String form) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1 || equals == part.length() - 1) {
                throw new SquisherException("takes " + form + ", not " + Quoted.of(text));
            }
            String name = part.substring(0, equals).strip();
            if (pairs.put(name, part.substring(equals + 1).strip()) != null) {
                throw new SquisherException("takes " + form + ", and " + Quoted.of(name) + " is there twice");
            }
        }
        return pairs;
    }
}
