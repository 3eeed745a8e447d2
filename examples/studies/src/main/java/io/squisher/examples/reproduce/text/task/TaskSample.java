package io.squisher.examples.reproduce.text.task;

import io.squisher.examples.data.Shuffle;
import io.squisher.examples.files.Folders;
import io.squisher.files.AtomicFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.text.TextChoice;
import io.squisher.onnx.text.TextExamples;
import io.squisher.onnx.text.TextReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** What a seed draws of a task, as what an encoder takes. */
public final class TaskSample {
    private final TextTask task;
    private final TextExamples training;
    private final TextExamples validation;
    private final TextExamples test;

    private TaskSample(TextTask task, TextExamples training, TextExamples validation, TextExamples test) {
        this.task = task;
        this.training = training;
        this.validation = validation;
        this.test = test;
    }

    /**
     * How much is drawn.
     *
     * @param training texts to train on, at most
     * @param validation to choose by, at most
     * @param test to report on, at most
     * @param tokens where texts are cut
     */
    public record Size(int training, int validation, int test, int tokens) {
        /** The same with other texts to train on. */
        public Size withTraining(int texts) {
            return new Size(texts, validation, test, tokens);
        }
    }

    /**
     * Draws texts and cuts them into tokens.
     *
     * @param folder for the drawn texts as tables, which are what is read
     */
    public static TaskSample draw(TextTask task, long seed, Size size, Encoder encoder, Path folder) {
        OnnxFile model = OnnxFile.read(encoder.model());
        TextChoice choice = TextChoice.usual().cutAt(size.tokens());
        // A reader for each part: labels are numbers of the task's classes, of which a part need not have all.
        Supplier<TextReader> reader = () -> TextReader.of(model, encoder.tokenizer(), choice, notice -> {});
        return new TaskSample(
                task,
                part(reader.get(), drawn(task.training(), size.training(), seed), folder.resolve("train.tsv")),
                part(reader.get(), drawn(task.validation(), size.validation(), seed), folder.resolve("validation.tsv")),
                part(reader.get(), drawn(task.test(), size.test(), seed), folder.resolve("test.tsv")));
    }

    private static List<LabelledText> drawn(List<LabelledText> all, int most, long seed) {
        int[] order = Shuffle.order(all.size(), new Random(seed));
        return Arrays.stream(order, 0, Math.min(most, order.length))
                .mapToObj(all::get)
                .toList();
    }

    /** A header, so that no text of a first line is taken for one. */
    private static TextExamples part(TextReader reader, List<LabelledText> texts, Path file) {
        StringBuilder lines = new StringBuilder("text\tlabel\n");
        texts.forEach(text ->
                lines.append(text.text()).append('\t').append(text.label()).append('\n'));
        Folders.created(file.getParent());
        AtomicFile.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
        return reader.read(List.of(file));
    }

    /** The task that was drawn from. */
    public TextTask task() {
        return task;
    }

    /** How many texts there are to train on. */
    public int trainingTexts() {
        return Math.toIntExact(training.whole().count());
    }

    /** The texts to train on, in sets of one length each. */
    public Examples[] training() {
        return training.sets();
    }

    /** The first texts to train on, filled up to one length. */
    public Examples firstOfTraining(int most) {
        return training.whole().limit(most);
    }

    /** The texts to choose by. */
    public Examples[] validation() {
        return validation.sets();
    }

    /** The texts to report on. */
    public Examples[] test() {
        return test.sets();
    }
}
