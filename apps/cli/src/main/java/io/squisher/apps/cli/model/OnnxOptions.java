package io.squisher.apps.cli.model;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.DataFiles;
import io.squisher.onnx.data.DataPaths;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.data.TakenArrays;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The options that commands which run ONNX models share. */
public final class OnnxOptions {
    private static final List<String> LIKELIHOODS =
            List.of("categorical", "categorical-tokens", "bernoulli", "gaussian");

    /** ONNX Runtime starts them all, and the system ends a process that starts too many. */
    private static final int MOST_THREADS = 1024;

    private final Values values;

    public OnnxOptions(Values values) {
        this.values = values;
    }

    /** Declares them. */
    public static Options declare() {
        Options options = new Options()
                .addOption(
                        Flags.value(
                                "data",
                                "D.npz",
                                Domain.PATH.repeated(),
                                "examples: arrays named after the model's inputs, first axis N. Several files are read one after"
                                        + " the other: more words, more --data, a folder, or a pattern in quotes ('shards/*.npz')"));
        return addTo(options);
    }

    /** Declares those that say how examples are looked at, without where they are. */
    public static Options addTo(Options options) {
        return options.addOption(Flags.value("labels", "KEY", "the array with the labels; default labels"))
                .addOption(Flags.value(
                        "output",
                        "NAME",
                        "the output to look at, or any other value of the graph ('inspect --graph' lists them); needed where"
                                + " the model has several outputs"))
                .addOption(Flags.bare(
                        "outputs-are-logits",
                        "take the output for logits though it looks like probabilities, which are refused otherwise"))
                .addOption(Flags.value(
                        "likelihood",
                        "L",
                        Domain.oneOf(LIKELIHOODS),
                        "categorical (default: logits of classes), categorical-tokens (at each token), bernoulli"
                                + " (yes/no logits) or gaussian (means)"))
                .addOption(Flags.value(
                        "axis",
                        "A",
                        Domain.wholeNumber(Integer.MIN_VALUE, Integer.MAX_VALUE),
                        "categorical: the axis of the classes; default -1, the last"))
                .addOption(Flags.value(
                        "ignore-index",
                        "I",
                        Domain.SEED,
                        "categorical-tokens: the label that does not count; default -100"))
                .addOption(Flags.value(
                        "variance", "V", Domain.POSITIVE, "gaussian: the variance of each output; default 1"))
                .addOption(Flags.value(
                        "shared",
                        "KEYS",
                        "arrays without an axis of examples, separated by commas: inputs such as a scale that are the"
                                + " same for all examples"))
                .addOption(Flags.value(
                        "example-axis",
                        "NAME=AXIS",
                        Domain.of(NamedAxes::parse),
                        "the axis of a model's input or output that counts examples, such as x=1 for [time, N, features],"
                                + " several between commas; found where names or sizes tell. An array of the data has its"
                                + " examples there, or first"))
                .addOption(Flags.value("limit", "N", Domain.COUNT, "only the first N examples"))
                .addOption(Flags.value(
                        "device",
                        "D",
                        Domain.of(Device::parse).offering("auto", "cpu", "cuda"),
                        "auto (default), cpu, cuda or cuda:INDEX"))
                .addOption(Flags.value(
                        "threads", "T", Domain.countUpTo(MOST_THREADS), "threads of one operator; default one a core"));
    }

    /** The options that {@link #addTo} declares. */
    public static List<String> names() {
        return addTo(new Options()).getOptions().stream()
                .map(Option::getLongOpt)
                .toList();
    }

    /** The model: the first word. */
    public Path model() {
        return words().get(0);
    }

    private List<Path> words() {
        return values.has("data") ? values.argumentsFrom("MODEL.onnx") : values.arguments("MODEL.onnx");
    }

    /** The files that {@code --data} stands for; none without it. */
    public List<Path> dataFiles() {
        List<Path> given = new ArrayList<>(values.paths("data"));
        if (!given.isEmpty()) {
            // What a shell makes of a pattern without quotes: the option takes its first file.
            given.addAll(words().subList(1, words().size()));
        }
        return DataPaths.expand(given);
    }

    /** The files that {@code --data} and {@code --validation} stand for. */
    public List<Path> dataAndValidationFiles() {
        List<Path> files = new ArrayList<>(dataFiles());
        files.addAll(DataPaths.expand(values.paths("validation")));
        return files;
    }

    public DataFiles openData() {
        values.requiredPath("data");
        return DataFiles.open(dataFiles());
    }

    /** The arrays that the model takes, and the labels. */
    public Examples examples(DataFiles data, OnnxFile model, Console console) {
        return examples(runtime(console).notices(), model, data::examples);
    }

    /** The same of a single file. */
    public Examples examples(NpzFile data, OnnxFile model, Console console) {
        return examples(runtime(console).notices(), model, (taken, notices) -> taken.of(data, notices));
    }

    private Examples examples(
            Consumer<String> notices, OnnxFile model, BiFunction<TakenArrays, Consumer<String>, Examples> reader) {
        Set<String> shared = values.text("shared")
                .map(names -> new LinkedHashSet<>(Arrays.asList(names.split(","))))
                .orElseGet(LinkedHashSet::new);
        Map<String, Integer> axes = exampleAxes();
        Examples examples = reader.apply(new TakenArrays(model, labels(), shared, axes), notices);
        return values.wholeNumber("limit").map(examples::limit).orElse(examples);
    }

    /** By name of an input or output, the axis that counts examples, as far as it was said. */
    public Map<String, Integer> exampleAxes() {
        return values.text("example-axis").map(NamedAxes::parse).orElseGet(Map::of);
    }

    /** The data as it was given: other words than the model and the values of {@code --data}. */
    public List<Path> givenData() {
        values.requiredPath("data");
        List<Path> given = new ArrayList<>(values.paths("data"));
        // What a shell makes of a pattern without quotes: the option takes its first file.
        given.addAll(words().subList(1, words().size()));
        return given;
    }

    public String labels() {
        return values.text("labels").orElse("labels");
    }

    public Optional<String> output() {
        return values.text("output");
    }

    public boolean outputsAreLogits() {
        return values.has("outputs-are-logits");
    }

    public Likelihood likelihood() {
        String name = values.text("likelihood").orElse("categorical");
        return switch (name) {
            case "categorical" ->
                new Likelihood.Categorical(
                        values.wholeNumber("axis").map(Long::intValue).orElse(-1));
            case "categorical-tokens" ->
                new Likelihood.CategoricalTokens(
                        values.wholeNumber("ignore-index").orElse(-100L));
            case "bernoulli" -> new Likelihood.Bernoulli();
            case "gaussian" -> new Likelihood.Gaussian(values.number("variance").orElse(1.0));
            default -> throw new IllegalStateException(name);
        };
    }

    public RuntimeSettings runtime(Console console) {
        // Several sessions are loaded for one command, and each would tell the same.
        Set<String> told = new HashSet<>();
        return new RuntimeSettings(
                values.text("device").map(Device::parse).orElse(new Device.Auto(false)),
                values.wholeNumber("threads").map(Math::toIntExact).orElse(0),
                notice -> {
                    if (told.add(notice)) {
                        console.note(notice);
                    }
                });
    }
}
