package io.squisher.apps.cli.model;

import io.squisher.SquisherException;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.files.Opening;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.data.DataFiles;
import io.squisher.onnx.data.DataPaths;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.text.TextExamples;
import io.squisher.onnx.text.TextReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The examples that a command line gives, as arrays or as texts. */
public final class GivenExamples implements AutoCloseable {
    private final Values values;
    private final OnnxOptions options;
    private final OnnxFile model;
    private final Console console;
    private final Opening open = new Opening();
    private Optional<TextReader> texts = Optional.empty();
    private Optional<ClassNames> classes = Optional.empty();

    /**
     * Looks at the options alone.
     *
     * @throws io.squisher.apps.cli.option.UsageException if they give no examples, or two kinds of them
     */
    public GivenExamples(Values values, OnnxFile model, Console console) {
        this.values = values;
        this.options = new OnnxOptions(values);
        this.model = model;
        this.console = console;
        if (values.has("data") == values.has(TextOptions.TEXT)) {
            throw values.wrong(values.has("data") ? "--text does not go with --data" : "missing --data or --text");
        }
        if (isText() && values.has("validation")) {
            throw values.wrong("--validation goes with --data; of --text it is --validation-text");
        }
        if (!isText()) {
            new TextOptions(values).refuseWithoutText();
        }
    }

    private boolean isText() {
        return values.has(TextOptions.TEXT);
    }

    /** All examples as one set. */
    public Examples whole() {
        return isText() ? texts("text", TextReader::read).whole() : arrays();
    }

    /** The examples in sets, each of one shape. */
    public List<Examples> sets() {
        return isText() ? List.of(texts("text", TextReader::read).sets()) : List.of(arrays());
    }

    /** As {@link #sets}; what the labels are called becomes the classes, of which there are at most {@code most}. */
    public List<Examples> setsOfNewClasses(long most) {
        if (!isText()) {
            return List.of(arrays());
        }
        List<Examples> sets = List.of(texts("text", TextReader::readNew).sets());
        classes.filter(found -> found.count() > most).ifPresent(found -> {
            throw new SquisherException("'" + values.paths("text").get(0) + "' has labels of " + found.count()
                    + " classes " + found + ", and --head has " + most);
        });
        return sets;
    }

    private Examples arrays() {
        return options.examples(open.add(options.openData()), model, console);
    }

    /** Those to score a model on while it is trained; none where none were given. */
    public List<Examples> validation() {
        if (values.has("validation-text")) {
            return List.of(texts("validation-text", TextReader::read).sets());
        }
        List<Path> files = DataPaths.expand(values.paths("validation"));
        return files.isEmpty() ? List.of() : List.of(options.examples(open.add(DataFiles.open(files)), model, console));
    }

    private TextExamples texts(String option, Read read) {
        if (texts.isEmpty()) {
            texts = Optional.of(new TextOptions(values)
                    .reader(model, options.runtime(console).notices()));
        }
        TextExamples found = read.of(texts.get(), values.paths(option));
        classes = found.classes();
        return found;
    }

    /** How files are read. */
    private interface Read {
        TextExamples of(TextReader reader, List<Path> files);
    }

    /** What the classes of the examples that were read are called, where they are classes of texts. */
    public Optional<ClassNames> classes() {
        return classes;
    }

    @Override
    public void close() {
        open.close();
    }
}
