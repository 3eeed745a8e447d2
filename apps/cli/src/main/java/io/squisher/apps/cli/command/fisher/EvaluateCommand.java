package io.squisher.apps.cli.command.fisher;

import io.squisher.apps.cli.Command;
import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.model.GivenExamples;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Json;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.evaluation.Evaluation;
import io.squisher.onnx.evaluation.Scores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code squisher evaluate}: how good an ONNX model is on labelled examples. */
public final class EvaluateCommand implements Command {
    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String summary() {
        return "Score an ONNX model on labelled examples: accuracy or error, log-likelihood, and each class";
    }

    @Override
    public String arguments() {
        return "MODEL.onnx --data D.npz";
    }

    @Override
    public Options options() {
        return GivenExamples.declareIn(OnnxOptions.declare())
                .addOption(EstimationOptions.batchSizeOption())
                .addOption(Flags.json());
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example("accuracy of a classifier", "evaluate model.onnx --data test.npz"),
                new Example(
                        "a classifier of texts, class by class",
                        "evaluate tuned.onnx --text test.tsv --tokenizer tokenizer.json"),
                new Example(
                        "error of a regression, labels in the array y",
                        "evaluate model.onnx --data test.npz --labels y --likelihood gaussian"));
    }

    @Override
    public ExitCode run(CommandLine line, Console console) {
        Values values = new Values(name(), line);
        OnnxOptions options = new OnnxOptions(values);
        Path model = options.model();
        OnnxFile file = OnnxFile.read(model);
        try (GivenExamples given = new GivenExamples(values, file, console)) {
            List<Evaluation> sets = new ArrayList<>();
            List<Examples> examples = given.sets();
            OptionalInt batchSize = EstimationOptions.batchSize(values, examples, console);
            for (Examples set : examples) {
                sets.add(new Evaluation(
                        file,
                        set,
                        options.labels(),
                        options.output(),
                        options.outputsAreLogits(),
                        options.likelihood(),
                        batchSize,
                        options.runtime(console)));
            }
            Scores scores = Evaluation.run(sets);
            Optional<ClassTable> classes = scores.confusion()
                    .map(confusion -> new ClassTable(confusion, given.classes().or(() -> ClassNames.of(file))));
            console.print(String.format(
                    Locale.ROOT,
                    "%s %.6g, mean log-likelihood %.6g, over %d examples",
                    scores.metric(),
                    scores.value(),
                    scores.logLikelihood(),
                    scores.examples()));
            classes.ifPresent(table -> table.lines().forEach(console::print));
            JsonObject document = new JsonObject();
            document.add(scores.metric(), Json.number(scores.value()));
            document.add("log_likelihood", Json.number(scores.logLikelihood()));
            document.addProperty("examples", scores.examples());
            classes.ifPresent(table -> table.addTo(document));
            console.printJson(document);
        }
        return ExitCode.DONE;
    }
}
