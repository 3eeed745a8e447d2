package io.squisher.apps.cli.command.train;

import io.squisher.apps.cli.Example;
import io.squisher.apps.cli.ExitCode;
import io.squisher.apps.cli.Job;
import io.squisher.apps.cli.WritingCommand;
import io.squisher.apps.cli.model.GivenExamples;
import io.squisher.apps.cli.model.OnnxOptions;
import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.OutputKind;
import io.squisher.apps.cli.option.TrainedFiles;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.cli.output.Console;
import io.squisher.apps.cli.output.Report;
import io.squisher.apps.cli.page.PageOption;
import io.squisher.files.Opening;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.JsonObject;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.runtime.RuntimeSettings;
import io.squisher.onnx.training.EpochReport;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.TrainingFacts;
import io.squisher.onnx.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code squisher train}: trains an ONNX model, and keeps the squared gradients of its steps. */
public final class TrainCommand implements WritingCommand {
    private static final long USUAL_EPOCHS = 3;

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String summary() {
        return "Train an ONNX model, and get its Squisher beside it";
    }

    @Override
    public String arguments() {
        return "MODEL.onnx --data D.npz -o TUNED.onnx";
    }

    @Override
    public Options options() {
        Options options = GivenExamples.declareIn(OnnxOptions.declare())
                .addOption(Flags.value(
                        "validation",
                        "V.npz",
                        Domain.PATH.repeated(),
                        "examples to score the model on after each epoch, as --data; --limit holds for them too"))
                .addOption(Flags.value("validation-text", "V.tsv", Domain.PATH.repeated(), "the same, as --text"))
                .addOption(Flags.path("validation-images", "V", "the same, as --images"));
        LoopOptions.declareIn(options);
        StepOptions.declareIn(options);
        HeldWeights.declareIn(options);
        return options.addOption(PageOption.declare())
                .addOption(Flags.json())
                .addOption(
                        Flags.output(
                                OutputKind.TRAINED_MODEL,
                                "the trained model; beside it go .squisher.safetensors, .history.csv and .curves.png of its name"));
    }

    @Override
    public List<Path> furtherInputs(Values values) {
        return new OnnxOptions(values).dataAndValidationFiles();
    }

    @Override
    public List<Example> examples() {
        return List.of(
                new Example(
                        "a classifier, three epochs",
                        "train model.onnx --data train.npz --validation test.npz --learning-rate 1e-4 -o tuned.onnx"),
                new Example(
                        "an encoder of text with a new head for six classes",
                        "train encoder.onnx --text train.tsv --validation-text test.tsv --tokenizer tokenizer.json"
                                + " --pool mean --head 6 -o tuned.onnx"),
                new Example(
                        "with a page of its curves beside it",
                        "train model.onnx --data train.npz --report training.html -o tuned.onnx"),
                new Example(
                        "without forgetting what the penalty of 'ewc' holds",
                        "train model.onnx --data new.npz --ewc ewc.safetensors --anchor anchor.safetensors --lambda"
                                + " 100 -o tuned.onnx"));
    }

    @Override
    public ExitCode make(Job job) {
        Values values = job.values();
        OnnxOptions options = new OnnxOptions(values);
        int epochs = Math.toIntExact(values.wholeNumber("epochs").orElse(USUAL_EPOCHS));
        try (Opening open = new Opening();
                TrainingWatch watch = new TrainingWatch(job.console(), epochs)) {
            OnnxTrainer trainer = trainer(job, options, open);
            if (job.output().isEmpty()) {
                TrainingFacts facts = trainer.plan();
                return job.finish(
                        Report.of("would train " + TrainingWatch.described(facts))
                                .fields(json(facts)),
                        output -> {});
            }
            Result result = new Result(watch);
            Report report = Report.after(result::headline);
            return job.finish(report, output -> {
                result.made = Optional.of(trainer.listener(watch).train(output.path()));
                TrainedFiles files = TrainedFiles.of(output.path());
                result.writeBeside(files, report);
                PageOption.of(values).ifPresent(place -> {
                    TrainingPage page = result.page(files);
                    PageOption.write(place, page.page(job.line()), page.steps(), job.console());
                });
            });
        }
    }

    private static JsonObject json(TrainingFacts facts) {
        JsonObject object = new JsonObject();
        object.addProperty("parameters", facts.parameters());
        object.addProperty("elements", facts.elements());
        object.addProperty("frozen", facts.frozen());
        object.addProperty("examples", facts.examples());
        object.addProperty("steps", facts.steps());
        return object;
    }

    private static OnnxTrainer trainer(Job job, OnnxOptions options, Opening open) {
        Values values = job.values();
        OnnxTrainer trainer = OnnxTrainer.of(options.model());
        LoopOptions.give(values, trainer);
        StepOptions.give(values, trainer);
        open.add(new HeldWeights()).give(values, frozen(job), trainer);
        Console console = job.console();
        GivenExamples given = open.add(new GivenExamples(values, OnnxFile.read(options.model()), console));
        Optional<Long> head = values.wholeNumber("head");
        List<Examples> sets = head.map(given::setsOfNewClasses).orElseGet(given::sets);
        given.classes().ifPresent(trainer::classes);
        trainer.examples(sets.toArray(new Examples[0]));
        trainer.validation(given.validation().toArray(new Examples[0]));
        RuntimeSettings runtime = options.runtime(console);
        options.output().ifPresent(trainer::output);
        if (options.outputsAreLogits()) {
            trainer.outputsAreLogits();
        }
        return trainer.labels(options.labels())
                .likelihood(options.likelihood())
                .device(runtime.device())
                .threads(runtime.threads())
                .notices(runtime.notices());
    }

    private static List<String> frozen(Job job) {
        String[] given = job.line().getOptionValues("freeze");
        return given == null ? List.of() : List.of(given);
    }

    /** What is told of a training once it is over. */
    private static final class Result {
        private final TrainingWatch watch;
        private Optional<TrainingResult> made = Optional.empty();

        Result(TrainingWatch watch) {
            this.watch = watch;
        }

        String headline() {
            TrainingResult result = made.orElseThrow();
            EpochReport last = result.history().get(result.epoch() - 1);
            return "epoch " + result.epoch() + " of a training of " + result.steps() + " steps, "
                    + watch.words(last.training())
                    + last.validation()
                            .map(score -> "; validation " + watch.words(score))
                            .orElse("");
        }

        private TrainingHistory history() {
            return new TrainingHistory(made.orElseThrow().history(), watch.metric());
        }

        TrainingPage page(TrainedFiles files) {
            return new TrainingPage(
                    files,
                    history(),
                    watch.curve(),
                    watch.facts(),
                    made.orElseThrow().epoch());
        }

        void writeBeside(TrainedFiles files, Report report) {
            TrainingResult result = made.orElseThrow();
            TrainingHistory history = history();
            history.write(files.history());
            TrainingCurves.write(
                    files.curves(), history, "Training of " + files.model().getFileName());
            report.details(files.beside().stream().map(file -> "wrote " + file).toList())
                    .field("squisher", result.squisher().toString())
                    .field("history_file", files.history().toString())
                    .field("curves", files.curves().toString())
                    .field("epoch", result.epoch())
                    .field("steps", result.steps())
                    .field("history", history.json());
        }
    }
}
