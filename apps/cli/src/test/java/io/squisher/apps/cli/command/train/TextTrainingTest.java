package io.squisher.apps.cli.command.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.apps.cli.option.TrainedFiles;
import io.squisher.fisher.FisherFile;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.internal.gson.JsonArray;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a table of texts to a tuned model, its Squisher and its scores, with an encoder of 30 words. */
class TextTrainingTest {
    private static final String[] ANIMALS = {"cat", "dog", "cow", "bird"};
    private static final String[] THINGS = {"small", "large", "red", "blue"};

    @TempDir
    Path folder;

    private Path model;
    private Path tokenizer;
    private Path training;
    private Path test;
    private Path tuned;
    private String pooled;

    /** Whether a question is about an animal. */
    @BeforeEach
    void write() throws IOException {
        model = Fixtures.path("tiny_bert/model.onnx");
        tokenizer = Fixtures.path("tiny_bert/tokenizer.json");
        tuned = folder.resolve("tuned.onnx");
        // What stands before the head that the model has.
        pooled = OnnxFile.read(model).model().getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Tanh"))
                .map(node -> node.getOutput(0))
                .findFirst()
                .orElseThrow();
        Random random = new Random(11);
        training = Files.write(folder.resolve("train.tsv"), questions(random, 96));
        test = Files.write(folder.resolve("test.tsv"), questions(random, 40));
    }

    private static List<String> questions(Random random, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean animal = random.nextBoolean();
            String[] words = animal ? ANIMALS : THINGS;
            String filler = "the ".repeat(random.nextInt(4));
            lines.add(
                    "what is " + filler + words[random.nextInt(words.length)] + "?\t" + (animal ? "animal" : "thing"));
        }
        return lines;
    }

    private Run train(Object... more) {
        return Run.of(Stream.concat(
                        Stream.of("train", model, "--text", training, "--tokenizer", tokenizer, "-o", tuned),
                        Stream.of(more))
                .toArray());
    }

    private Run evaluate(Object... more) {
        return Run.of(
                Stream.concat(Stream.of("evaluate", tuned, "--text", test, "--tokenizer", tokenizer), Stream.of(more))
                        .toArray());
    }

    @Test
    void oneCommandTunesAndAnotherScores() throws IOException {
        Run run = train(
                "--validation-text",
                test,
                "--head",
                2,
                "--output",
                pooled,
                "--learning-rate",
                "0.003",
                "--batch-size",
                8,
                "--epochs",
                10,
                "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonArray history = JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("history");
        JsonObject last = history.get(history.size() - 1).getAsJsonObject();
        assertTrue(last.get("validation_accuracy").getAsDouble() > 0.9, run.out());

        JsonObject scores = JsonParser.parseString(evaluate("--json").out()).getAsJsonObject();
        assertEquals(
                last.get("validation_accuracy").getAsDouble(),
                scores.get("accuracy").getAsDouble(),
                1e-9);
        JsonArray classes = scores.getAsJsonArray("classes");
        assertEquals("animal", classes.get(0).getAsJsonObject().get("class").getAsString());
        assertEquals("thing", classes.get(1).getAsJsonObject().get("class").getAsString());
        JsonArray confusion = scores.getAsJsonArray("confusion");
        long right = 0;
        long all = 0;
        for (int label = 0; label < 2; label++) {
            for (int answer = 0; answer < 2; answer++) {
                long count = confusion.get(label).getAsJsonArray().get(answer).getAsLong();
                all += count;
                right += label == answer ? count : 0;
            }
        }
        assertEquals(40, all);
        assertEquals(scores.get("accuracy").getAsDouble(), right / 40.0, 1e-12);
        List<String> lines = evaluate().out().lines().toList();
        assertTrue(lines.get(0).startsWith("accuracy "), lines.toString());
        assertTrue(lines.get(1).startsWith("macro F1 "), lines.toString());
        assertTrue(lines.get(2).matches("class +labels +answers +accuracy +precision +recall +f1"), lines.toString());
        assertTrue(lines.get(3).startsWith("animal "), lines.toString());
        assertTrue(Files.exists(TrainedFiles.of(tuned).squisher()));
    }

    /** A batch of any size brings the same numbers, of scores and of Fishers. */
    @Test
    void theBatchChangesNoNumber() {
        assertEquals(0, train("--head", 2, "--output", pooled, "--epochs", 1).exitCode());
        JsonObject seven = JsonParser.parseString(
                        evaluate("--batch-size", 7, "--json").out())
                .getAsJsonObject();
        JsonObject all = JsonParser.parseString(
                        evaluate("--batch-size", 40, "--json").out())
                .getAsJsonObject();
        assertEquals(seven.get("confusion"), all.get("confusion"));
        assertEquals(
                seven.get("log_likelihood").getAsDouble(),
                all.get("log_likelihood").getAsDouble(),
                1e-6);
        double[] small = fisher("--batch-size", 5);
        double[] large = fisher("--batch-size", 40);
        double largest = 0;
        for (double value : large) {
            largest = Math.max(largest, value);
        }
        assertTrue(largest > 0);
        for (int i = 0; i < large.length; i++) {
            assertEquals(large[i], small[i], 1e-5 * largest);
        }
    }

    private double[] fisher(Object... more) {
        Path output = folder.resolve("fisher.safetensors");
        Run run = Run.of(Stream.concat(
                        Stream.of("fisher", tuned, "--text", test, "--tokenizer", tokenizer, "-o", output, "--force"),
                        Stream.of(more))
                .toArray());
        assertEquals(0, run.exitCode(), run.err());
        try (FisherFile file = FisherFile.open(output)) {
            assertEquals(40, file.diagonal().provenance().getExampleCount());
            return file.diagonal().tensor("words.weight").toDoubles();
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() throws IOException {
        assertEquals(0, train("--head", 2, "--output", pooled, "--epochs", 1).exitCode());
        byte[] first = Files.readAllBytes(tuned);
        assertEquals(
                0,
                train("--head", 2, "--output", pooled, "--epochs", 1, "--force").exitCode());
        assertArrayEquals(first, Files.readAllBytes(tuned));
    }

    @Test
    void moreLabelsThanTheHeadHasAreRefused() throws IOException {
        Files.write(training, List.of("a cat\tone", "a dog\ttwo", "a cow\tthree"));
        assertRefused(
                train("--head", 2, "--output", pooled), "has labels of 3 classes [one, three, two], and --head has 2");
        assertRefused(train(), "are words [one, three, two], and '" + model + "' does not say which class");
    }

    @Test
    void aClassWithoutTextsIsTold() throws IOException {
        Files.write(training, List.of("a cat\t0", "a dog\t2"));
        Run run = train("--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("1 of 3 classes have no example in the training data: [1]"), run.err());
    }

    @Test
    void aLabelThatTrainingLacksIsRefused() throws IOException {
        Files.write(test, List.of("a cat\tanimal", "a dog\tbeast"));
        assertRefused(
                train("--head", 2, "--output", pooled, "--validation-text", test),
                "line 2 of '" + test + "' has the label 'beast'");
    }

    @Test
    void aFileWithoutTabsIsRefused() {
        training = tokenizer;
        assertRefused(
                train("--head", 2, "--output", pooled),
                "'" + training + "': not a table of texts (line 1 has 1 column, and names none");
    }

    @Test
    void textsLongerThanTheModelsPositionsAreOneLine() throws IOException {
        Files.write(training, List.of("a ".repeat(30) + "\t0", "a dog\t2"));
        assertRefused(train("--max-tokens", 32), "'" + model + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train M -o O|missing --data, --text or --images",
                "train M --text T -o O|--text goes with --tokenizer",
                "train M --text T --data T --tokenizer K -o O|--text does not go with --data",
                "train M --data T --tokenizer K -o O|--tokenizer goes with --text",
                "train M --data T --validation-text T -o O|--validation-text goes with --text",
                "train M --data T --columns text,label -o O|--columns goes with --text",
                "train M --text T --tokenizer K --validation T -o O|--validation goes with --data, not with --text",
                "train M --text T --tokenizer K --columns a,b -o O|--columns takes the words text, label and - between"
                        + " commas",
                "train M --text T --tokenizer K --columns label -o O|one column of labels, or none, and one or two of"
                        + " texts, not 1 and 0",
                "train M --text T --tokenizer K --shared x -o O|--shared goes with --data, not with --text",
                "evaluate M|missing --data, --text or --images",
                "fisher M --text T --tokenizer K --max-tokens 0 -o O|--max-tokens takes a whole number from 1",
                "fisher M --text T --spark local -o O|--text does not go with --spark",
            })
    void optionsThatMeanNothingAreWrongUsage(String line, String message) {
        Object[] words = Stream.of(line.split(" "))
                .map(word -> switch (word) {
                    case "M" -> model;
                    case "T" -> training;
                    case "K" -> tokenizer;
                    case "O" -> folder.resolve(line.startsWith("train") ? "o.onnx" : "o.safetensors");
                    default -> word;
                })
                .toArray();
        Run run = Run.of(words);
        assertEquals(2, run.exitCode(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }

    private static void assertRefused(Run run, String message) {
        assertEquals(1, run.exitCode(), run.err());
        assertEquals(
                1,
                run.err().lines().filter(line -> line.startsWith("squisher: ")).count(),
                run.err());
        assertTrue(run.err().contains(message), run.err());
    }
}
