package io.squisher.apps.cli;

import io.squisher.SquisherException;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.Likelihood;
import io.squisher.onnx.runtime.Device;
import io.squisher.onnx.runtime.RuntimeSettings;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The options that commands which run ONNX models share. */
final class OnnxOptions {
    private final Values values;

    OnnxOptions(Values values) {
        this.values = values;
    }

    /** Declares them. */
    static Options declare() {
        Options options = new Options()
                .addOption(
                        Flags.value("data", "D.npz", "examples: arrays named after the model's inputs, first axis N"));
        return addTo(options);
    }

    /** Declares those that say how examples are looked at, without where they are. */
    static Options addTo(Options options) {
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
                        "categorical (default: logits of classes), categorical-tokens (at each token), bernoulli"
                                + " (yes/no logits) or gaussian (means)"))
                .addOption(Flags.value("axis", "A", "categorical: the axis of the classes; default -1, the last"))
                .addOption(Flags.value(
                        "ignore-index", "I", "categorical-tokens: the label that does not count; default -100"))
                .addOption(Flags.value("variance", "V", "gaussian: the variance of each output; default 1"))
                .addOption(Flags.value(
                        "shared",
                        "KEYS",
                        "arrays without an axis of examples, separated by commas: inputs such as a scale that are the"
                                + " same for all examples"))
                .addOption(Flags.value("limit", "N", "only the first N examples"))
                .addOption(Flags.value("device", "D", "auto (default), cpu, cuda or cuda:INDEX"))
                .addOption(Flags.value("threads", "T", "threads of one operator; default one a core"));
    }

    /** The options that {@link #addTo} declares. */
    static List<String> names() {
        return addTo(new Options()).getOptions().stream()
                .map(Option::getLongOpt)
                .toList();
    }

    NpzFile openData() {
        return NpzFile.open(values.requiredPath("data"));
    }

    Examples examples(NpzFile data) {
        Set<String> shared = values.text("shared")
                .map(names -> new LinkedHashSet<>(Arrays.asList(names.split(","))))
                .orElseGet(LinkedHashSet::new);
        Examples examples = Examples.of(data.path().toString(), data.arrays(), shared);
        return values.wholeNumber("limit", 1).map(examples::limit).orElse(examples);
    }

    String labels() {
        return values.text("labels").orElse("labels");
    }

    Optional<String> output() {
        return values.text("output");
    }

    boolean outputsAreLogits() {
        return values.has("outputs-are-logits");
    }

    Likelihood likelihood() {
        String name = values.text("likelihood").orElse("categorical");
        return switch (name) {
            case "categorical" ->
                new Likelihood.Categorical(
                        values.number("axis").map(Double::intValue).orElse(-1));
            case "categorical-tokens" ->
                new Likelihood.CategoricalTokens(
                        values.number("ignore-index").map(Double::longValue).orElse(-100L));
            case "bernoulli" -> new Likelihood.Bernoulli();
            case "gaussian" -> new Likelihood.Gaussian(values.number("variance").orElse(1.0));
            default ->
                throw values.wrong("--likelihood takes one of categorical, categorical-tokens, bernoulli, gaussian,"
                        + " not '" + name + "'");
        };
    }

    RuntimeSettings runtime(Console console) {
        // Several sessions are loaded for one command, and each would tell the same.
        Set<String> told = new HashSet<>();
        try {
            return new RuntimeSettings(
                    values.text("device").map(Device::parse).orElse(new Device.Auto(false)),
                    values.wholeNumber("threads", 1).map(Math::toIntExact).orElse(0),
                    notice -> {
                        if (told.add(notice)) {
                            console.note(notice);
                        }
                    });
        } catch (SquisherException e) {
            throw values.wrong(e.getMessage());
        }
    }
}
