package io.squisher.onnx.text;

import io.squisher.onnx.fisher.likelihood.Likelihood;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a table of texts is read.
 *
 * @param columns what the columns are; a header or their number says it if absent
 * @param labels the name of the array that the labels become, which a header may use too
 * @param likelihood what labels are: names or numbers of classes for a categorical one, numbers for others
 * @param longest the number of tokens that texts are cut at; if absent what the tokenizer's file states, or 512
 * @param limit the number of lines that are read, of all files together
 */
public record TextChoice(
        Optional<TextColumns> columns, String labels, Likelihood likelihood, OptionalInt longest, OptionalLong limit) {
    /** Classes, and all else as the files say. */
    public static TextChoice usual() {
        return new TextChoice(
                Optional.empty(), "labels", new Likelihood.Categorical(-1), OptionalInt.empty(), OptionalLong.empty());
    }

    /** The same with texts cut at {@code tokens}. */
    public TextChoice cutAt(int tokens) {
        return new TextChoice(columns, labels, likelihood, OptionalInt.of(tokens), limit);
    }
}
