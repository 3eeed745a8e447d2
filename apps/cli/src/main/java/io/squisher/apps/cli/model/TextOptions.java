package io.squisher.apps.cli.model;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.text.TextChoice;
import io.squisher.onnx.text.TextColumns;
import io.squisher.onnx.text.TextReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.commons.cli.Options;

/** The options of commands that take texts in place of arrays. */
public final class TextOptions {
    static final String TEXT = "text";

    /** Options that say something of texts. */
    static final List<String> OTHERS = List.of("tokenizer", "max-tokens", "columns", "validation-text");

    private static final int MOST_TOKENS = 1 << 17;

    private final Values values;

    TextOptions(Values values) {
        this.values = values;
    }

    /** Declares them. */
    public static Options declareIn(Options options) {
        return options.addOption(Flags.value(
                        TEXT,
                        "FILE.tsv",
                        Domain.PATH.repeated(),
                        "texts with labels in place of --data: a line each, text<TAB>label, UTF-8. Classes are"
                                + " numbers, or words that the model keeps"))
                .addOption(Flags.path("tokenizer", "T.json", "the tokenizer.json that came with the model of --text"))
                .addOption(Flags.value(
                        "max-tokens",
                        "N",
                        Domain.countUpTo(MOST_TOKENS),
                        "where texts are cut; default as the tokenizer says, or 512"))
                .addOption(Flags.value(
                        "columns",
                        "LIST",
                        Domain.of(TextColumns::parse).offering("text,label", "label,text", "text,text,label"),
                        "what the columns of --text are: text, label, or - for others. Found without it where the"
                                + " first line names one 'label', and for two columns (text,label) and three"
                                + " (text,text,label)"));
    }

    /** A reader of texts for a model. */
    TextReader reader(OnnxFile model, Consumer<String> notices) {
        OnnxOptions options = new OnnxOptions(values);
        if (!values.has("tokenizer")) {
            throw values.wrong("--text goes with --tokenizer");
        }
        Optional<Long> longest = values.wholeNumber("max-tokens");
        Optional<Long> limit = values.wholeNumber("limit");
        TextChoice choice = new TextChoice(
                values.text("columns").map(TextColumns::parse),
                options.labels(),
                options.likelihood(),
                longest.isPresent() ? OptionalInt.of(Math.toIntExact(longest.get())) : OptionalInt.empty(),
                limit.isPresent() ? OptionalLong.of(limit.get()) : OptionalLong.empty());
        return TextReader.of(model, values.requiredPath("tokenizer"), choice, notices);
    }
}
