package io.squisher.onnx.autodiff.rules.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An Einsum equation with a letter for each axis: ellipses are spelt out, right-aligned, and the output's term is there.
 *
 * @param inputs a term for each input
 * @param output the output's term
 */
record EinsumEquation(List<String> inputs, String output) {
    private static final String ELLIPSIS = "...";

    /**
     * @param equation the attribute
     * @param ranks of the inputs
     */
    static EinsumEquation parse(String equation, int... ranks) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] terms = sides[0].split(",", -1);
        List<Integer> hidden = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            int named = terms[i].replace(ELLIPSIS, "").length();
            hidden.add(terms[i].contains(ELLIPSIS) ? ranks[i] - named : 0);
        }
        int most = hidden.stream().mapToInt(Integer::intValue).max().orElse(0);
        String fresh = unused(equation, most);
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            inputs.add(terms[i].replace(ELLIPSIS, fresh.substring(most - hidden.get(i))));
        }
        String output = sides.length > 1 ? sides[1].replace(ELLIPSIS, fresh) : fresh + implied(sides[0]);
        return new EinsumEquation(inputs, output);
    }

    /** Letters that {@code equation} does not use. */
    static String unused(String equation, int count) {
        return IntStream.concat(IntStream.rangeClosed('a', 'z'), IntStream.rangeClosed('A', 'Z'))
                .filter(letter -> equation.indexOf(letter) < 0)
                .limit(count)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Without an arrow: the letters that occur once, in alphabetical order. */
    private static String implied(String terms) {
        return terms.chars()
                .filter(Character::isLetter)
                .filter(letter -> terms.indexOf(letter) == terms.lastIndexOf(letter))
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The whole equation. */
    @Override
    public String toString() {
        return String.join(",", inputs) + "->" + output;
    }
}
