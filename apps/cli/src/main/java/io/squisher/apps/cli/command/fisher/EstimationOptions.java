package io.squisher.apps.cli.command.fisher;

import io.squisher.SquisherException;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Quoted;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The options that say what is estimated, and the request that they describe. */
public final class EstimationOptions {
    private static final long MAX_BATCH = 1 << 20;

    /** Each is a pass over the data; the error of so many is below that of float32. */
    private static final int MOST_SAMPLES = 1_000_000;

    private static final List<String> KINDS = List.of("empirical", "exact", "sampled", "joint", "absolute");

    /** 0 stands for auto. */
    private static final Domain<Long> BATCH_SIZE = Domain.COUNT.or("auto", 0L);

    private static final Domain<Integer> TOP_CLASSES = Domain.of(EstimationOptions::topClasses);

    private EstimationOptions() {}

    private static int topClasses(String text) {
        if (!text.matches("top:[1-9]\\d{0,8}")) {
            throw new SquisherException(
                    "takes top:K for the K most probable classes, such as top:5, not " + Quoted.of(text));
        }
        return Integer.parseInt(text.substring("top:".length()));
    }

    /** The options that say what is estimated. */
    public static Options declare() {
        return OnnxOptions.declare()
                .addOption(Flags.value(
                        "kind",
                        "K",
                        Domain.oneOf(KINDS),
                        "empirical (default: the data's labels), exact (expectation under the model), sampled (labels"
                                + " drawn from the model), joint (sum, then square), or absolute (no Fisher: mean"
                                + " |gradient| at the data's labels, for masks)"))
                .addOption(Flags.value(
                        "classes",
                        "top:K",
                        TOP_CLASSES,
                        "exact: over the K most probable classes of each example alone, K passes; the probability that"
                                + " is left out is told"))
                .addOption(Flags.value(
                        "samples",
                        "S",
                        Domain.countUpTo(MOST_SAMPLES),
                        "sampled: labels drawn for each example; default 1"))
                .addOption(Flags.value(
                        "seed",
                        "N",
                        Domain.wholeNumber(0, Long.MAX_VALUE),
                        "sampled: fixes the drawn labels; default 0"))
                .addOption(Flags.value(
                        "ids",
                        "KEY",
                        "sampled: the array of whole numbers by which examples draw their labels; without it each"
                                + " draws by its row in all of the data"))
                .addOption(batchSizeOption())
                .addOption(Flags.value("params", "REGEX", Domain.REGEX, "only parameters with this in their name"))
                .addOption(Flags.bare(
                        "include-constants", "epsilons, masks and other constants among the initializers too"))
                .addOption(Flags.bare(
                        "tied",
                        "initializers with the same values, transposed or not, are one weight: what exporters make of"
                                + " an embedding that is the head as well"));
    }

    /**
     * The request that the options describe.
     *
     * @param all the examples that were given
     * @param part which of them are taken
     */
    static FisherRequest request(
            Values values, OnnxFile file, Examples all, Console console, UnaryOperator<Examples> part) {
        if (values.has("ids") && !values.text("kind").orElse("").equals("sampled")) {
            throw values.wrong("--ids goes with --kind sampled");
        }
        return numberedRequest(values, file, all, console, part);
    }

    /** The same, with {@code --ids} for any kind: they number the examples. */
    static FisherRequest numberedRequest(
            Values values, OnnxFile file, Examples all, Console console, UnaryOperator<Examples> part) {
        OnnxOptions options = new OnnxOptions(values);
        Optional<String> ids = values.text("ids");
        Examples examples = part.apply(ids.map(all::numberedBy).orElse(all));
        return new FisherRequest(
                file,
                examples,
                options.labels(),
                options.output(),
                options.outputsAreLogits(),
                options.likelihood(),
                kind(values),
                values.regex("params"),
                values.has("include-constants"),
                values.has("tied"),
                batchSize(values, List.of(examples), console),
                options.runtime(console));
    }

    /** The kind that they say. */
    public static FisherKind kind(Values values) {
        String kind = values.text("kind").orElse("empirical");
        if (!kind.equals("sampled") && values.text("samples").isPresent()) {
            throw values.wrong("--samples goes with --kind sampled");
        }
        if (!kind.equals("exact") && values.text("classes").isPresent()) {
            throw values.wrong("--classes goes with --kind exact");
        }
        return switch (kind) {
            case "empirical" -> new FisherKind.Empirical();
            case "exact" ->
                new FisherKind.Exact(
                        values.text("classes").map(TOP_CLASSES::apply).orElse(0));
            case "joint" -> new FisherKind.Joint();
            case "absolute" -> new FisherKind.Absolute();
            case "sampled" ->
                new FisherKind.Sampled(
                        Math.toIntExact(values.wholeNumber("samples").orElse(1L)),
                        values.wholeNumber("seed").orElse(0L));
            default -> throw new IllegalStateException(kind);
        };
    }

    /** The option with the number of examples at once. */
    static Option batchSizeOption() {
        return Flags.value(
                "batch-size",
                "B",
                BATCH_SIZE,
                "examples at once; default auto, from a memory budget. 1 makes each example a batch of its own, also"
                        + " where the model mixes the examples of a batch");
    }

    /** What was given for it; more than there are examples is most likely a number meant for something else. */
    static OptionalInt batchSize(Values values, List<Examples> sets, Console console) {
        Optional<Long> given = values.wholeNumber("batch-size").filter(size -> size > 0);
        long count = sets.stream().mapToLong(Examples::count).sum();
        if (given.isPresent() && given.get() > count) {
            console.warn("--batch-size " + given.get() + " is more than there are examples: all " + count
                    + " are one batch");
        }
        return given.map(size -> OptionalInt.of((int) Math.min(MAX_BATCH, size)))
                .orElse(OptionalInt.empty());
    }
}
