package io.squisher.templates.textfinetuning;

import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.text.TextChoice;
import io.squisher.onnx.text.TextExamples;
import io.squisher.onnx.text.TextReader;
import io.squisher.onnx.training.EpochReport;
import io.squisher.onnx.training.OnnxTrainer;
import io.squisher.onnx.training.Pooling;
import io.squisher.onnx.training.TrainingListener;
import io.squisher.onnx.training.TrainingResult;
import io.squisher.onnx.training.optimizer.AdamW;
import io.squisher.onnx.training.optimizer.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Fine-tunes all weights of an ONNX encoder of text, with a new head over the mean of its tokens, on a table of labelled texts. The
 * squared gradients that AdamW keeps are the Squisher, which is written beside the model.
 */
public final class TextFineTuning {
    private static final int BATCH = 8;

    private TextFineTuning() {}

    /**
     * What is trained on what.
     *
     * @param tokenizer the {@code tokenizer.json} that the model came with
     * @param training lines {@code text<TAB>label}; their labels become the classes
     * @param test more of them, which are scored after each epoch
     * @param rate the learning rate
     */
    record Task(Path model, Path tokenizer, Path training, Path test, double rate, int epochs) {
        /** The encoder and the questions that this program has with it: its weights are random, so it learns in larger steps. */
        static Task small(Path folder) throws IOException {
            return new Task(
                    unpacked(folder, "encoder.onnx"),
                    unpacked(folder, "tokenizer.json"),
                    unpacked(folder, "training.tsv"),
                    unpacked(folder, "test.tsv"),
                    1e-2,
                    12);
        }

        /** A pre-trained encoder. */
        static Task of(List<Path> files) {
            return new Task(files.get(0), files.get(1), files.get(2), files.get(3), 1e-4, 3);
        }
    }

    /** Arguments: the folder to write to; a model, its tokenizer, and two tables of texts. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 1 && arguments.length != 5) {
            System.err.println("arguments: FOLDER MODEL.onnx TOKENIZER.json TRAINING.tsv TEST.tsv");
            return;
        }
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "text-fine-tuning"));
        List<Path> files = List.of(arguments).stream().skip(1).map(Path::of).toList();
        TrainingResult result =
                run(files.isEmpty() ? Task.small(folder) : Task.of(files), folder.resolve("tuned.onnx"));
        System.out.println("wrote " + result.model() + " and " + result.squisher());
    }

    /** Trains; the texts of one batch are of about the same length. */
    static TrainingResult run(Task task, Path tuned) {
        TextReader reader = TextReader.of(
                OnnxFile.read(task.model()), task.tokenizer(), TextChoice.usual(), System.err::println);
        TextExamples training = reader.readNew(List.of(task.training()));
        TextExamples test = reader.read(List.of(task.test()));
        ClassNames classes = training.classes().orElseThrow();
        return OnnxTrainer.of(task.model())
                .head(classes.count(), Pooling.MEAN)
                .classes(classes)
                .examples(training.sets())
                .validation(test.sets())
                .optimizer(AdamW.of(task.rate()))
                .schedule(new Schedule.Linear(0.1))
                .batchSize(BATCH)
                .epochs(task.epochs())
                .notices(System.err::println)
                .listener(new TrainingListener() {
                    @Override
                    public void epochEnded(EpochReport report) {
                        EpochReport.Score score = report.validation().orElseThrow();
                        System.out.printf(
                                "epoch %2d: loss %.3f; of the test %.3f, %.0f %% right%n",
                                report.epoch(), report.training().loss(), score.loss(), 100 * score.metric());
                    }
                })
                .train(tuned);
    }

    /** Writes a file of this program's own to a folder. */
    private static Path unpacked(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream bytes = TextFineTuning.class.getResourceAsStream("/questions/" + name)) {
            Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
