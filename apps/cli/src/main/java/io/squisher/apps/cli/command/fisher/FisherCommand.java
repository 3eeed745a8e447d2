package io.squisher.apps.cli.command.fisher;

import io.squisher.Counted;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.fisher.FisherContent;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.data.NpzFile;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.FisherPlan;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.FisherRun;
import io.squisher.onnx.fisher.PartialSums;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code squisher fisher}: the Fisher diagonal of an ONNX model over examples. */
public final class FisherCommand implements WritingCommand {
    private static final long MAX_BATCH = 1 << 20;

    /** Each is a pass over the data; the error of so many is below that of float32. */
    private static final int MOST_SAMPLES = 1_000_000;

    private static final List<String> KINDS = List.of("empirical", "exact", "sampled", "joint", "absolute");

    /** 0 stands for auto. */
    private static final Domain<Long> BATCH_SIZE = Domain.COUNT.or("auto", 0L);

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public String summary() {
        return "Compute the Fisher diagonal of an ONNX model, per example";
    }

    @Override
    public String arguments() {
        return "MODEL.onnx --data D.npz -o OUT.safetensors";
    }

    @Override
    public Options options() {
        return estimation()
                .addOption(Flags.bare("verbose", "show how each parameter is computed"))
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.FISHER, "where the Fisher goes"));
    }

    /** The options that say what is estimated. */
    static Options estimation() {
        return OnnxOptions.declare()
                .addOption(Flags.value(
                        "kind",
                        "K",
                        Domain.oneOf(KINDS),
                        "empirical (default: the data's labels), exact (expectation under the model), sampled (labels"
                                + " drawn from the model), joint (sum, then square), or absolute (no Fisher: mean |gradient|"
                                + " at the data's labels, for masks)"))
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
                .addOption(batchSizeOption())
                .addOption(Flags.value("params", "REGEX", Domain.REGEX, "only parameters with this in their name"))
                .addOption(Flags.bare(
                        "include-constants", "epsilons, masks and other constants among the initializers too"))
                .addOption(Flags.bare(
                        "tied",
                        "initializers with the same values, transposed or not, are one weight: what exporters make of"
                                + " an embedding that is the head as well"));
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "the empirical Fisher of a classifier",
                        "fisher model.onnx --data train.npz -o fisher.safetensors"),
                new Example(
                        "the exact Fisher of a language model's first 100 sequences, sampled",
                        "fisher gpt.onnx --data text.npz --likelihood categorical-tokens --kind sampled --samples 4 --limit"
                                + " 100 -o fisher.safetensors"),
                new Example(
                        "of the head alone, labels in the array y",
                        "fisher model.onnx --data train.npz --labels y --params '^head' -o fisher.safetensors"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        Path model = values.arguments("MODEL.onnx").get(0);
        OnnxOptions options = new OnnxOptions(values);
        try (NpzFile data = options.openData();
                FisherEstimator estimator =
                        new FisherEstimator(request(values, job.line(), options, model, data, job.console()))) {
            FisherPlan plan = estimator.plan();
            String kind = Values.spellConstant(estimator.plan().kind().toProto());
            Report report = Report.of("the " + kind + " Fisher of "
                            + Counted.of(plan.parameters().size(), "tensor") + " over "
                            + Counted.of(plan.examples().count(), "example"))
                    .planned(job.output().isEmpty() ? described(plan) : List.of())
                    .field("kind", kind)
                    .field("examples", plan.examples().count())
                    .field("tensors", Json.texts(plan.parameters().keySet()));
            return job.finish(report, output -> estimate(estimator, output.path(), job));
        }
    }

    private static List<String> described(FisherPlan plan) {
        TextTable table = new TextTable("parameter", "shape", "how");
        plan.parameters()
                .forEach((name, shape) ->
                        table.row(name, shape.toString(), plan.paths().get(name)));
        return table.lines();
    }

    private static void estimate(FisherEstimator estimator, Path file, Job job) {
        try (ExampleProgress progress =
                new ExampleProgress(job.console(), job.values().has("verbose"))) {
            PartialSums partial = PartialSums.beside(file);
            FisherDiagonal diagonal =
                    estimator.run(progress, FisherRun.ALL.savedIn(partial)).toDiagonal();
            FisherFile.write(file, diagonal);
            job.console().warnAll(FisherContent.of(diagonal).warnings(file.toString()));
            partial.delete();
        }
    }

    /** The request that the options describe. */
    static FisherRequest request(
            Values values, CommandLine line, OnnxOptions options, Path model, NpzFile data, Console console) {
        OnnxFile file = OnnxFile.read(model);
        Examples examples = options.examples(data, file, console);
        return new FisherRequest(
                file,
                examples,
                options.labels(),
                options.output(),
                options.outputsAreLogits(),
                options.likelihood(),
                kind(values),
                values.regex("params"),
                line.hasOption("include-constants"),
                line.hasOption("tied"),
                batchSize(values, examples, console),
                options.runtime(console));
    }

    private static FisherKind kind(Values values) {
        String kind = values.text("kind").orElse("empirical");
        if (!kind.equals("sampled") && values.text("samples").isPresent()) {
            throw values.wrong("--samples goes with --kind sampled");
        }
        return switch (kind) {
            case "empirical" -> new FisherKind.Empirical();
            case "exact" -> new FisherKind.Exact();
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
                "examples at once; default auto, from a memory budget. 1 makes each example a batch of its own, also where the"
                        + " model mixes the examples of a batch");
    }

    /** What was given for it; more than there are examples is most likely a number meant for something else. */
    static OptionalInt batchSize(Values values, Examples examples, Console console) {
        Optional<Long> given = values.wholeNumber("batch-size").filter(size -> size > 0);
        if (given.isPresent() && given.get() > examples.count()) {
            console.warn("--batch-size " + given.get() + " is more than there are examples: all " + examples.count()
                    + " are one batch");
        }
        return given.map(size -> OptionalInt.of((int) Math.min(MAX_BATCH, size)))
                .orElse(OptionalInt.empty());
    }
}
