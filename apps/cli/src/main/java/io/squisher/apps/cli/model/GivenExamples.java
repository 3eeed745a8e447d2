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
import io.squisher.onnx.image.ImageReader;
import io.squisher.onnx.text.TextExamples;
import io.squisher.onnx.text.TextReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** The examples that a command line gives: as arrays, as texts, or as pictures. */
public final class GivenExamples implements AutoCloseable {
    private static final String DATA = "data";
    private static final String VALIDATION = "validation";
    private static final List<String> SOURCES = List.of(DATA, TextOptions.TEXT, ImageOptions.IMAGES);

    private final Values values;
    private final OnnxOptions options;
    private final OnnxFile model;
    private final Console console;
    private final String source;
    private final Opening open = new Opening();
    private Optional<TextReader> texts = Optional.empty();
    private Optional<ImageReader> images = Optional.empty();
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
        List<String> given = SOURCES.stream().filter(values::has).toList();
        if (given.isEmpty()) {
            throw values.wrong("missing --data, --text or --images");
        }
        if (given.size() > 1) {
            throw values.wrong("--" + given.get(1) + " does not go with --" + given.get(0));
        }
        this.source = given.get(0);
        refuse(DATA, List.of(VALIDATION, "shared", "example-axis"));
        refuse(TextOptions.TEXT, TextOptions.OTHERS);
        refuse(ImageOptions.IMAGES, ImageOptions.OTHERS);
    }

    /** Declares the options for texts and pictures, beside those for arrays. */
    public static Options declareIn(Options options) {
        return ImageOptions.declareIn(TextOptions.declareIn(options));
    }

    private void refuse(String with, List<String> others) {
        for (String option : others) {
            if (!source.equals(with) && values.has(option)) {
                throw values.wrong("--" + option + " goes with --" + with + ", not with --" + source);
            }
        }
    }

    /** All examples as one set. */
    public Examples whole() {
        return source.equals(TextOptions.TEXT) ? texts(TextOptions.TEXT, false).whole() : sets().get(0);
    }

    /** The examples in sets, each of one shape. */
    public List<Examples> sets() {
        return sets(source, false);
    }

    /** As {@link #sets}; what the labels of texts and pictures are called become the classes, at most {@code most}. */
    public List<Examples> setsOfNewClasses(long most) {
        List<Examples> sets = sets(source, true);
        classes.filter(found -> found.count() > most).ifPresent(found -> {
            throw new SquisherException("'" + values.paths(source).get(0) + "' has labels of " + found.count()
                    + " classes " + found + ", and --head has " + most);
        });
        return sets;
    }

    /** Those to score a model on while it is trained; none where none were given. */
    public List<Examples> validation() {
        String option = source.equals(DATA) ? VALIDATION : VALIDATION + "-" + source;
        if (!values.has(option)) {
            return List.of();
        }
        return source.equals(DATA)
                ? List.of(arrays(DataFiles.open(DataPaths.expand(values.paths(VALIDATION)))))
                : sets(option, false);
    }

    private List<Examples> sets(String option, boolean fresh) {
        return switch (source) {
            case TextOptions.TEXT -> List.of(texts(option, fresh).sets());
            case ImageOptions.IMAGES -> List.of(images(option, fresh));
            default -> List.of(arrays(options.openData()));
        };
    }

    private Examples arrays(DataFiles files) {
        return options.examples(open.add(files), model, console);
    }

    private TextExamples texts(String option, boolean fresh) {
        if (texts.isEmpty()) {
            texts = Optional.of(new TextOptions(values)
                    .reader(model, options.runtime(console).notices()));
        }
        List<Path> files = values.paths(option);
        TextExamples found = fresh ? texts.get().readNew(files) : texts.get().read(files);
        classes = found.classes();
        return found;
    }

    private Examples images(String option, boolean fresh) {
        if (images.isEmpty()) {
            images = Optional.of(new ImageOptions(values).reader(model));
        }
        Path from = values.requiredPath(option);
        Examples found = fresh ? images.get().readNew(from) : images.get().read(from);
        classes = images.get().classes();
        return found;
    }

    /** What the classes of the texts or pictures that were read are called, where they are classes. */
    public Optional<ClassNames> classes() {
        return classes;
    }

    @Override
    public void close() {
        open.close();
    }
}
