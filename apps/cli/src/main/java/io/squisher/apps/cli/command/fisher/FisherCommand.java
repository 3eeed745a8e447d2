package io.squisher.apps.cli.command.fisher;

import io.squisher.Counted;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.GivenExamples;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.cli.page.CommandPage;
import io.squisher.apps.cli.page.DiagonalSections;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherContent;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.fisher.FisherEstimator;
import io.squisher.onnx.fisher.FisherPlan;
import io.squisher.onnx.fisher.FisherRun;
import io.squisher.onnx.fisher.FisherShard;
import io.squisher.onnx.fisher.FisherSums;
import io.squisher.onnx.fisher.PartialSums;
import io.squisher.report.Page;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.cli.Options;

/** {@code squisher fisher}: the Fisher diagonal of an ONNX model over examples. */
public final class FisherCommand implements WritingCommand {
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
        return GivenExamples.declareIn(FisherOnSpark.declare(EstimationOptions.declare()))
                .addOption(Flags.value(
                        "spark",
                        "MASTER",
                        "on Apache Spark in this process, such as local[4]: the data are its Parquet, ORC or JSON"
                                + " files; a cluster is given the program by spark-submit"))
                .addOption(Flags.value(
                        "until",
                        "E",
                        Domain.POSITIVE,
                        "end when the estimated relative standard error of each tensor is below E, such as 0.02; the"
                                + " examples have to be in random order"))
                .addOption(Flags.value(
                        "shard",
                        "I/N",
                        Domain.of(FisherShard::parse),
                        "only part I of N of the examples, I from 1: what is written are sums, which"
                                + " 'fisher-merge' adds"))
                .addOption(Flags.bare("verbose", "show how each parameter is computed"))
                .addOption(PageOption.declare())
                .addOption(Flags.json())
                .addOption(Flags.output(
                        OutputKind.FISHER_OR_SUMS, "where the Fisher goes; with --shard, where its sums go"));
    }

    @Override
    public List<Path> furtherInputs(Values values) {
        return values.has("spark") ? List.of() : new OnnxOptions(values).dataFiles();
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "the empirical Fisher of a classifier",
                        "fisher model.onnx --data train.npz -o fisher.safetensors"),
                new Example(
                        "the exact Fisher of a language model's first 100 sequences, sampled",
                        "fisher gpt.onnx --data text.npz --likelihood categorical-tokens --kind sampled --samples 4"
                                + " --limit 100 -o fisher.safetensors"),
                new Example(
                        "from so many examples as it takes to know each tensor to 2 %",
                        "fisher model.onnx --data train.npz --until 0.02 -o fisher.safetensors"),
                new Example(
                        "the third of 16 parts of a large data set, on any machine",
                        "fisher model.onnx --data 'shards/*.npz' --shard 3/16 -o part-3.sums"),
                new Example(
                        "of a classifier of texts",
                        "fisher tuned.onnx --text train.tsv --tokenizer tokenizer.json -o fisher.safetensors"),
                new Example(
                        "of the head alone, labels in the array y",
                        "fisher model.onnx --data train.npz --labels y --params '^head' -o fisher.safetensors"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        if (values.has("spark")) {
            for (String option : List.of("text", "images")) {
                if (values.has(option)) {
                    throw values.wrong("--" + option + " does not go with --spark, which takes arrays");
                }
            }
            return FisherOnSpark.find().make(job);
        }
        FisherOnSpark.refuseWithout(values);
        OnnxOptions options = new OnnxOptions(values);
        Optional<FisherShard> shard = values.text("shard").map(FisherShard::parse);
        checkTogether(job, shard);
        OnnxFile file = OnnxFile.read(options.model());
        try (GivenExamples given = new GivenExamples(values, file, job.console());
                FisherEstimator estimator = new FisherEstimator(EstimationOptions.request(
                        values, file, given.whole(), job.console(), all -> shard.map(part -> part.of(all))
                                .orElse(all)))) {
            FisherPlan plan = estimator.plan();
            String kind = plan.kind().word();
            AtomicLong count = new AtomicLong(plan.examples().count());
            Report report = Report.after(() -> shard.map(part -> "the sums of shard " + part + " for ")
                                    .orElse("")
                            + "the " + kind + " Fisher of "
                            + Counted.of(plan.parameters().size(), "tensor") + " over "
                            + Counted.of(count.get(), "example"))
                    .planned(job.output().isEmpty() ? described(plan) : List.of())
                    .field("kind", kind)
                    .field("examples", count.get())
                    .field("tensors", Json.texts(plan.parameters().keySet()));
            return job.finish(report, output -> {
                FisherSums sums = estimate(estimator, output.path(), job, shard);
                count.set(sums.count());
                report.field("examples", sums.count());
                sums.neglectedMass().ifPresent(mass -> {
                    report.field("neglected_mass", Json.number(mass));
                    report.details(List.of("left out: classes that have together a probability of "
                            + String.format(Locale.ROOT, "%.3g", mass) + " for an example, on average"));
                });
                write(sums, output.path(), job, report);
                PageOption.write(values, () -> page(options.model(), output.path(), report), job.console());
            });
        }
    }

    private static Page page(Path model, Path fisher, Report report) {
        try (WeightSource weights = WeightFormats.open(model);
                FisherFile file = FisherFile.open(fisher)) {
            NamedFisher named = new NamedFisher(fisher.toString(), file.diagonal());
            DiagonalSections made =
                    DiagonalSections.of(named, FisherScale.BATCH_IF_KNOWN, Optional.of(weights), Map.of());
            return new CommandPage("fisher", report).page("Fisher of " + model.getFileName(), made);
        }
    }

    private static void checkTogether(Job job, Optional<FisherShard> shard) {
        Values values = job.values();
        boolean until = values.has("until");
        if (shard.isPresent() && values.has("report")) {
            throw values.wrong("--report does not go with --shard: a page shows a Fisher, and a shard's sums are none;"
                    + " 'squisher report' shows what 'fisher-merge' makes of them");
        }
        if (until && shard.isPresent()) {
            throw values.wrong("--until does not go with --shard: how well the sum of all shards is known, none of them"
                    + " can tell");
        }
        if (until && values.text("kind").orElse("").equals("joint")) {
            throw values.wrong("--until goes with means over examples; the joint Fisher is the square of one sum, which"
                    + " no number of examples makes more certain");
        }
        values.place().map(Output::path).filter(SumsOutput::isSums).ifPresent(path -> {
            if (shard.isEmpty()) {
                throw values.wrong(
                        "cannot write '" + path + "': its name is that of sums, which --shard I/N makes; give"
                                + " the Fisher a name that ends in .safetensors");
            }
        });
    }

    private static List<String> described(FisherPlan plan) {
        TextTable table = new TextTable("parameter", "shape", "how");
        plan.parameters()
                .forEach((name, shape) ->
                        table.row(name, shape.toString(), plan.paths().get(name)));
        return table.lines();
    }

    private static FisherSums estimate(FisherEstimator estimator, Path file, Job job, Optional<FisherShard> shard) {
        try (ExampleProgress progress =
                new ExampleProgress(job.console(), job.values().has("verbose"))) {
            FisherRun saved = FisherRun.ALL.savedIn(PartialSums.beside(file));
            FisherRun run = shard.map(saved::ofShard)
                    .or(() -> job.values().number("until").map(saved::until))
                    .orElse(saved);
            return estimator.run(progress, run);
        }
    }

    private static void write(FisherSums sums, Path file, Job job, Report report) {
        if (job.values().has("shard")) {
            sums.write(file);
        } else {
            FisherDiagonal diagonal = sums.toDiagonal();
            FisherFile.write(file, diagonal);
            job.console().warnAll(FisherContent.of(diagonal).warnings(file.toString()));
            StandardErrors errors = StandardErrors.of(diagonal);
            errors.addTo(report);
            job.values().number("until").flatMap(errors::shortOf).ifPresent(job.console()::warn);
        }
        PartialSums.beside(file).delete();
    }
}
