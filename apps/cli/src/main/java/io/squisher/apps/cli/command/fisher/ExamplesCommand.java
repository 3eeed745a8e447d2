package io.squisher.apps.cli.command.fisher;

import io.squisher.Counted;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.influence.GradientWeights;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.fisher.FisherFile;
import io.squisher.fisher.FisherScale;
import io.squisher.format.WeightFormats;
import io.squisher.format.npy.NpyVector;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.DataFiles;
import io.squisher.onnx.fisher.ExampleScores;
import io.squisher.onnx.fisher.FisherRequest;
import io.squisher.onnx.fisher.FisherShard;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.cli.Options;

/** {@code squisher examples}: one number for each example, from its squared gradients. */
public final class ExamplesCommand implements WritingCommand {
    private static final int USUAL_TOP = 5;
    private static final int MOST_TOP = 100_000;

    @Override
    public String name() {
        return "examples";
    }

    @Override
    public String summary() {
        return "Score single examples by their squared gradients: norms, or outliers under a Fisher";
    }

    @Override
    public String arguments() {
        return "MODEL.onnx --data D.npz -o SCORES.npy";
    }

    @Override
    public Options options() {
        return EstimationOptions.declare()
                .addOption(Flags.path(
                        "fisher",
                        "FILE",
                        "the model's Fisher or Squisher F: the score is g'g/(F + d), summed over the parameters"))
                .addOption(Flags.value(
                        "damping", "D", Domain.POSITIVE, "d with --fisher; default a tenth of the mean entry of F"))
                .addOption(Flags.path(
                        "diagonal",
                        "FILE",
                        "a diagonal w: the score is the sum of w g^2; without it and --fisher w is 1"))
                .addOption(Flags.scale())
                .addOption(Flags.value(
                        "shard",
                        "I/N",
                        Domain.of(FisherShard::parse),
                        "only part I of N of the examples, I from 1: the files of all parts, one after the other, are"
                                + " that of all"))
                .addOption(Flags.value(
                        "top", "K", Domain.countUpTo(MOST_TOP), "list the K largest scores; default " + USUAL_TOP))
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(Flags.json())
                .addOption(
                        Flags.output(OutputKind.SCORES, "float64 numbers, one for each example in the data's order"));
    }

    @Override
    public List<Path> furtherInputs(Values values) {
        return new OnnxOptions(values).dataFiles();
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("squared gradient norms", "examples model.onnx --data train.npz -o norms.npy"),
                new Example(
                        "outliers: far out under the model's own Fisher",
                        "examples model.onnx --data train.npz --fisher model.squisher.safetensors --top 20 -o"
                                + " outliers.npy"),
                new Example(
                        "of labels drawn from the model, the third of 16 parts",
                        "examples model.onnx --data train.npz --kind sampled --shard 3/16 -o part-3.npy"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        if (values.has("fisher") && values.has("diagonal")) {
            throw values.wrong("--fisher, whose inverse is taken, and --diagonal do not go together");
        }
        if (values.has("damping") && !values.has("fisher")) {
            throw values.wrong("--damping goes with --fisher");
        }
        Optional<FisherShard> shard = values.text("shard").map(FisherShard::parse);
        OnnxOptions options = new OnnxOptions(values);
        try (DataFiles data = options.openData();
                Weighting weighting = Weighting.open(values, job)) {
            OnnxFile file = OnnxFile.read(options.model());
            FisherRequest request = EstimationOptions.numberedRequest(
                    values, file, options.examples(data, file, job.console()), job.console(), all -> shard.map(
                                    part -> part.of(all))
                            .orElse(all));
            Optional<GradientWeights> weights = weighting.weights();
            try (ExampleScores scores = new ExampleScores(
                    request, weights.map(GradientWeights::tensors).orElse(Map.of()))) {
                return finish(job, scores, weights);
            }
        }
    }

    private static ExitCode finish(Job job, ExampleScores scores, Optional<GradientWeights> weights) {
        Values values = job.values();
        long count = scores.plan().examples().count();
        int top = values.wholeNumber("top").map(Math::toIntExact).orElse(USUAL_TOP);
        LargestScores largest = new LargestScores(top, scores.plan().examples());
        String what = scores.plan().kind().word();
        Report report = Report.after(
                        () -> "the " + what + " scores of " + Counted.of(count, "example") + largest.summary())
                .field("kind", what)
                .field("examples", count);
        weights.ifPresent(given -> {
            report.warnings(given.warnings()).field("scale", given.description());
            given.damping().ifPresent(damping -> report.field("damping", Double.toString(damping)));
        });
        return job.finish(report, output -> {
            try (NpyVector file = NpyVector.create(output.path(), count);
                    ExampleProgress progress = new ExampleProgress(job.console(), false)) {
                scores.run(progress, (from, numbers) -> {
                    file.append(numbers);
                    largest.add(from, numbers);
                });
                file.commit();
            }
            largest.addTo(report);
        });
    }

    /** The diagonal that was named, open until the scores are computed. */
    private record Weighting(Optional<WeightSource> model, Optional<FisherFile> file, Optional<GradientWeights> weights)
            implements AutoCloseable {
        static Weighting open(Values values, Job job) {
            Optional<Path> inverse = values.path("fisher");
            Optional<Path> path = inverse.or(() -> values.path("diagonal"));
            if (path.isEmpty()) {
                return new Weighting(Optional.empty(), Optional.empty(), Optional.empty());
            }
            WeightSource model = WeightFormats.open(new OnnxOptions(values).model());
            FisherFile file = FisherFile.open(path.get());
            NameMatching matching = NameMatching.of(values, job.console());
            NamedFisher fisher =
                    matching.matched(model, new NamedFisher(path.get().toString(), file.diagonal()));
            matching.requireUsed();
            FisherScale scale = values.scale().orElse(FisherScale.BATCH_IF_KNOWN);
            boolean other = values.has("allow-other-model");
            OptionalDouble damping =
                    values.number("damping").map(OptionalDouble::of).orElse(OptionalDouble.empty());
            GradientWeights weights = inverse.isPresent()
                    ? GradientWeights.inverse(model, fisher, damping, scale, other)
                    : GradientWeights.of(model, fisher, scale, other);
            return new Weighting(Optional.of(model), Optional.of(file), Optional.of(weights));
        }

        @Override
        public void close() {
            file.ifPresent(FisherFile::close);
            model.ifPresent(WeightSource::close);
        }
    }
}
