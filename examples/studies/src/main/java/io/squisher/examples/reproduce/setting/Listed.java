package io.squisher.examples.reproduce.setting;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** Numbers as a reader writes them: no brackets, and no ".0" after a whole one. */
public final class Listed {
    private Listed() {}

    /** One number. */
    public static String of(double number) {
        BigDecimal shortest = BigDecimal.valueOf(number).stripTrailingZeros();
        return Math.abs(number) >= 1e-4 || number == 0
                ? shortest.toPlainString()
                : shortest.toString().replace('E', 'e');
    }

    /** Some numbers, with commas between. */
    public static String of(List<? extends Number> numbers) {
        return numbers.stream().map(number -> of(number.doubleValue())).collect(Collectors.joining(", "));
    }
}
