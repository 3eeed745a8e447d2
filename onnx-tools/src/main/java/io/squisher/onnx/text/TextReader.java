package io.squisher.onnx.text;

import io.squisher.SquisherException;
import io.squisher.format.hub.TokenizerFacts;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.fisher.labels.WordLabels;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Reads labelled texts as what a model takes:
 *
 * <pre>{@code
 * TextReader reader = TextReader.of(OnnxFile.read(encoder), tokenizer, TextChoice.usual(), System.err::println);
 * TextExamples training = reader.readNew(List.of(Path.of("train.tsv")));
 * TextExamples validation = reader.read(List.of(Path.of("validation.tsv")));
 * OnnxTrainer.of(encoder)
 *         .head(training.classes().orElseThrow().count(), Pooling.MEAN)
 *         .examples(training.sets())
 *         .validation(validation.sets());
 * }</pre>
 *
 * <p>Tokens are kept in memory, four bytes each; the arrays are made as they are read.
 */
public final class TextReader {
    private static final int USUAL_LENGTH = 512;
    private static final int LINES = 1024;

    private final OnnxFile model;
    private final TokenInputs inputs;
    private final Path tokenizer;
    private final TokenizerFacts facts;
    private final TextChoice choice;
    private final int longest;
    private final Consumer<String> notices;
    private final WordLabels labels;
    private Optional<TokenLengths> lengths = Optional.empty();

    private TextReader(OnnxFile model, Path tokenizer, TextChoice choice, Consumer<String> notices) {
        this.model = model;
        this.inputs = TokenInputs.of(model);
        this.tokenizer = tokenizer;
        this.facts = TokenizerFacts.read(tokenizer);
        this.choice = choice;
        this.longest = longest(choice.longest());
        this.notices = notices;
        this.labels = new WordLabels(model, choice.likelihood());
    }

    /**
     * A reader for a model.
     *
     * @param tokenizer the {@code tokenizer.json} that the model came with
     * @param notices told what a user should know
     * @throws SquisherException if the model takes no tokens, the tokenizer cannot be read, or it has tokens that the model has no
     *     embeddings for
     */
    public static TextReader of(OnnxFile model, Path tokenizer, TextChoice choice, Consumer<String> notices) {
        TextReader reader = new TextReader(model, tokenizer, choice, notices);
        Vocabulary.check(model, reader.inputs.ids(), tokenizer, reader.facts.tokens(), notices);
        return reader;
    }

    private int longest(OptionalInt asked) {
        int stated = facts.longest().orElse(USUAL_LENGTH);
        if (inputs.length().isEmpty()) {
            return asked.orElse(stated);
        }
        int fixed = inputs.length().getAsInt();
        if (asked.isPresent() && asked.getAsInt() > fixed) {
            throw new SquisherException(
                    "'" + model.path() + "' takes texts of " + fixed + " tokens, not of " + asked.getAsInt());
        }
        return asked.orElse(fixed);
    }

    /**
     * Reads files of labels that the model knows: by the names that it keeps, those of {@link #readNew}, or numbers of classes.
     *
     * @throws SquisherException if a file is no table of texts, or a label no class
     */
    public TextExamples read(List<Path> files) {
        return read(files, false);
    }

    /** As {@link #read}; the labels that there are become the classes. */
    public TextExamples readNew(List<Path> files) {
        return read(files, true);
    }

    private TextExamples read(List<Path> files, boolean fresh) {
        LabelledTokens read = tokens(files);
        boolean labelled = choice.columns().map(TextColumns::areLabelled).orElse(true);
        Optional<Tensor> numbers =
                labelled ? Optional.of(labels.read(read.labels(), read.file(0), read::where, fresh)) : Optional.empty();
        int[] counts = read.counts();
        lengths = Optional.of(lengths.map(known -> known.reaching(counts, longest))
                .orElseGet(() -> TokenLengths.of(counts, inputs.length(), longest)));
        return new TextExamples(
                read,
                new TextExamples.Arrays(inputs, choice.labels(), numbers, facts.pad()),
                lengths.get(),
                labels.classes());
    }

    private LabelledTokens tokens(List<Path> files) {
        LabelledTokens all = new LabelledTokens();
        long limit = choice.limit().orElse(Integer.MAX_VALUE - 8);
        try (Tokenizer open = Tokenizer.open(tokenizer, longest)) {
            for (Path file : files) {
                List<TextLine> lines = new ArrayList<>();
                new TextFile(file, choice.columns(), choice.labels()).read(line -> {
                    lines.add(line);
                    if (lines.size() == LINES) {
                        all.add(file.toString(), lines, open.encode(lines));
                        lines.clear();
                    }
                    return all.count() + lines.size() < limit;
                });
                if (!lines.isEmpty()) {
                    all.add(file.toString(), lines, open.encode(lines));
                }
                if (all.count() >= limit) {
                    break;
                }
            }
        }
        long cut = all.texts().stream().filter(text -> text.count() == longest).count();
        if (cut > 0) {
            notices.accept(cut + " of " + all.count() + " texts of '" + all.file(0) + "' have " + longest
                    + " tokens or more, and are cut there");
        }
        return all;
    }
}
