package io.squisher.apps.cli.command.laplace;

import io.squisher.Version;
import io.squisher.apps.PosteriorFile;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Output;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Json;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.output.TextTable;
import io.squisher.apps.laplace.Calibration;
import io.squisher.apps.laplace.MarginalLikelihood;
import io.squisher.apps.laplace.Posterior;
import io.squisher.apps.laplace.Predictions;
import io.squisher.apps.laplace.Temperature;
import io.squisher.internal.gson.JsonObject;
import io.squisher.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code squisher laplace}: predictions of a classifier under a Laplace posterior, beside those without one. */
public final class LaplaceCommand implements WritingCommand {
    private static final int MOST_SAMPLES = 100_000;

    /** Over which weights the posterior goes. */
    enum Layers {
        LAST,
        ALL
    }

    /** How the prior precision is found. */
    enum PriorBy {
        VALIDATION,
        MARGINAL_LIKELIHOOD
    }

    @Override
    public String name() {
        return "laplace";
    }

    @Override
    public String summary() {
        return "Give a classifier uncertainty by a diagonal Laplace posterior, and compare its calibration";
    }

    @Override
    public String arguments() {
        return "MODEL.onnx --fisher F --validation V.npz --data TEST.npz -o POSTERIOR.safetensors";
    }

    @Override
    public Options options() {
        return OnnxOptions.declare()
                .addOption(Flags.path("fisher", "FILE", "the model's Fisher or Squisher"))
                .addOption(Flags.value(
                        "validation",
                        "V.npz",
                        Domain.PATH.repeated(),
                        "examples to choose the prior precision, the temperature and an accumulator's scale by, as"
                                + " --data; --limit holds for them too"))
                .addOption(Flags.value(
                        "layers",
                        "L",
                        Domain.oneOf(Layers.class),
                        "last (default where the logits come from a linear layer: no sampling), or all"
                                + " (weights are drawn)"))
                .addOption(Flags.value(
                        "draws",
                        "S",
                        Domain.countUpTo(MOST_SAMPLES),
                        "all layers: networks that are drawn; default 20"))
                .addOption(Flags.seed("of the draws"))
                .addOption(Flags.value(
                        "prior",
                        "P",
                        Domain.POSITIVE,
                        "precision of the prior; searched as --prior-by says unless given"))
                .addOption(Flags.value(
                        "prior-by",
                        "WAY",
                        Domain.oneOf(PriorBy.class),
                        "how the prior precision is found: validation (default), the smallest -log p there;"
                                + " marginal-likelihood, the largest evidence of the weights and the Fisher alone"))
                .addOption(Flags.value(
                        "examples", "N", Domain.COUNT, "data set size; default what the Fisher's file says"))
                .addOption(Flags.scale())
                .addOption(Flags.exclude("all layers: parameters that are not drawn"))
                .addOption(Flags.allowOtherModel())
                .addOption(NameMatching.option())
                .addOption(Flags.outputBeside("plot", OutputKind.PICTURE, "accuracy over confidence; .png or .svg"))
                .addOption(Flags.json())
                .addOption(Flags.output(OutputKind.FISHER, "the precisions of the posterior"));
    }

    @Override
    public List<Path> furtherInputs(Values values) {
        return new OnnxOptions(values).dataAndValidationFiles();
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "over the last layer",
                        "laplace model.onnx --fisher model.squisher.safetensors --validation valid.npz --data test.npz"
                                + " --plot reliability.png -o posterior.safetensors"),
                new Example(
                        "over all weights, from 50 drawn networks",
                        "laplace model.onnx --fisher fisher.safetensors --layers all --draws 50 --validation valid.npz"
                                + " --data test.npz -o posterior.safetensors"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        values.requiredPath("fisher");
        values.requiredPath("data");
        values.requiredPath("validation");
        try (LaplaceInputs inputs = LaplaceInputs.open(values, job.console())) {
            Predictive predictive = inputs.predictive();
            Predictions validation = inputs.predictions(Predictive.Part.VALIDATION);
            Predictions test = inputs.predictions(Predictive.Part.TEST);
            PosteriorSearch.Priors priors = priors(values, inputs, predictive);
            boolean scaleFree = inputs.isAccumulator() && !values.has("scale");
            Posterior posterior =
                    new PosteriorSearch(inputs.examples(), priors, scaleFree).best(predictive, validation.labels());
            double temperature = Temperature.fit(validation);
            Map<String, Calibration> ways = new LinkedHashMap<>();
            ways.put("as trained", Calibration.of(test.probabilities(1.0), test.labels()));
            ways.put("temperature", Calibration.of(test.probabilities(temperature), test.labels()));
            ways.put(
                    "laplace",
                    Calibration.of(predictive.probabilities(posterior, Predictive.Part.TEST), test.labels()));
            return finish(job, inputs, new Found(predictive, posterior, priorFrom(values), temperature, ways));
        }
    }

    private static String priorFrom(Values values) {
        return values.has("prior")
                ? "given"
                : Values.spellConstant(values.choice("prior-by", PriorBy.class).orElse(PriorBy.VALIDATION));
    }

    private static PosteriorSearch.Priors priors(Values values, LaplaceInputs inputs, Predictive predictive) {
        PriorBy by = values.choice("prior-by", PriorBy.class).orElse(PriorBy.VALIDATION);
        if (values.has("prior")) {
            if (values.has("prior-by")) {
                throw values.wrong("--prior gives the precision that --prior-by would find; give one of them");
            }
            double given = values.number("prior").orElseThrow();
            return scale -> new double[] {given};
        }
        if (by == PriorBy.VALIDATION) {
            return scale -> predictive.grid().values();
        }
        MarginalLikelihood evidence =
                new MarginalLikelihood(inputs.weights(predictive.tensors()), inputs.fisher(predictive.tensors()));
        double examples = inputs.examples();
        return scale -> new double[] {evidence.prior(examples, scale)};
    }

    /** What was found on the validation data, and what it is worth on the others. */
    private record Found(
            Predictive predictive,
            Posterior posterior,
            String priorFrom,
            double temperature,
            Map<String, Calibration> ways) {
        String headline() {
            return String.format(
                    Locale.ROOT,
                    "posterior of %d tensors (%s): prior precision %.4g, N %.0f, scale %.4g; temperature %.4g",
                    predictive.tensors().size(),
                    predictive.words(),
                    posterior.prior(),
                    posterior.examples(),
                    posterior.scale(),
                    temperature);
        }
    }

    private static ExitCode finish(Job job, LaplaceInputs inputs, Found found) {
        JsonObject metadata = metadata(inputs, found);
        TextTable table = new TextTable("prediction", "nll", "accuracy", "ece");
        JsonObject ways = new JsonObject();
        found.ways().forEach((name, calibration) -> {
            table.row(
                    name,
                    String.format(Locale.ROOT, "%.4f", calibration.nll()),
                    String.format(Locale.ROOT, "%.4f", calibration.accuracy()),
                    String.format(Locale.ROOT, "%.4f", calibration.ece()));
            JsonObject one = new JsonObject();
            one.add("nll", Json.number(calibration.nll()));
            one.add("accuracy", Json.number(calibration.accuracy()));
            one.add("ece", Json.number(calibration.ece()));
            ways.add(name, one);
        });
        Report report = Report.of(found.headline())
                .details(table.lines())
                .fields(metadata)
                .field("temperature", Json.number(found.temperature()))
                .field("predictions", ways)
                .warnings(inputs.warnings());
        Optional<Output> plot = job.beside("plot");
        return job.finish(report, output -> {
            Map<String, Tensor> fisher = inputs.fisher(found.predictive().tensors());
            PosteriorFile.write(output.path(), inputs.weights(), fisher, found.posterior(), metadata.toString());
            plot.ifPresent(file -> {
                ReliabilityPicture.write(file.path(), found.ways());
                job.console().print(file.wrote());
            });
        });
    }

    private static JsonObject metadata(LaplaceInputs inputs, Found found) {
        JsonObject json = new JsonObject();
        json.addProperty("fisher", inputs.fisherName());
        json.addProperty("layers", found.predictive().words());
        json.addProperty("examples", found.posterior().examples());
        json.addProperty("scale", found.posterior().scale());
        json.addProperty("prior_precision", found.posterior().prior());
        json.addProperty("prior_from", found.priorFrom());
        json.addProperty("tool_version", Version.text());
        return json;
    }
}
