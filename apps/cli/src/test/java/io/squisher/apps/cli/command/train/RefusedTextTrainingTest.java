package io.squisher.apps.cli.command.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.apps.Fixtures;
import io.squisher.apps.cli.Run;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.format.onnx.OnnxWriter;
import io.squisher.proto.onnx.AttributeProto;
import io.squisher.proto.onnx.NodeProto;
import io.squisher.proto.onnx.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user can get wrong in a training on texts ends in one line, and leaves no file behind. */
class RefusedTextTrainingTest {
    @TempDir
    Path folder;

    private Path model;
    private Path tokenizer;
    private Path training;

    @BeforeEach
    void write() throws IOException {
        model = Fixtures.path("tiny_bert/model.onnx");
        tokenizer = Fixtures.path("tiny_bert/tokenizer.json");
        training = Files.write(folder.resolve("train.tsv"), List.of("a cat\t0", "the red dog\t2", "a cow\t1"));
    }

    private Run train(Object... more) {
        Path tuned = folder.resolve("tuned.onnx");
        return Run.of(Stream.concat(
                        Stream.of("train", model, "--text", training, "--tokenizer", tokenizer, "-o", tuned),
                        Stream.of(more))
                .toArray());
    }

    private List<String> files() {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(String message, Object... more) {
        List<String> before = files();
        assertOneLine(train(more), message);
        assertEquals(before, files());
    }

    private static void assertOneLine(Run run, String... words) {
        assertEquals(1, run.exitCode(), run.err());
        List<String> lines =
                run.err().lines().filter(line -> line.startsWith("squisher: ")).toList();
        assertEquals(1, lines.size(), run.err());
        for (String word : words) {
            assertTrue(lines.get(0).contains(word), run.err());
        }
        assertFalse(run.err().contains("\tat "), run.err());
    }

    /** The encoder with one node more. */
    private void add(NodeProto.Builder node) {
        OnnxFile encoder = OnnxFile.read(model);
        model = folder.resolve("changed.onnx");
        OnnxWriter.write(
                model,
                encoder.model().toBuilder()
                        .setGraph(encoder.model().getGraph().toBuilder().addNode(node))
                        .build());
    }

    /** What stands before the head that the encoder has. */
    private String pooled() {
        return OnnxFile.read(model).model().getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Tanh"))
                .map(node -> node.getOutput(0))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aQuantizedModel() {
        String output = OnnxFile.read(model).model().getGraph().getOutput(0).getName();
        add(NodeProto.newBuilder()
                .setName("rounded")
                .setOpType("DynamicQuantizeLinear")
                .addInput(output)
                .addAllOutput(List.of("whole", "scale", "zero")));
        assertRefused("is quantized (DynamicQuantizeLinear 'rounded')");
    }

    @Test
    void aValueWithoutGradient() {
        add(NodeProto.newBuilder()
                .setName("numbers")
                .setOpType("Cast")
                .addInput("input_ids")
                .addOutput("numbers")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(DataType.FLOAT_VALUE)));
        assertRefused(
                "no gradient reaches a parameter of '" + model + "' from the output 'numbers'", "--output", "numbers");
    }

    @Test
    void labelsBeyondTheClasses() throws IOException {
        Files.write(training, List.of("a cat\t0", "a dog\t2", "a cow\t3"));
        assertRefused("has labels of 4 classes [0, 1, 2, 3], and --head has 3", "--head", 3);
        // The longer text is in a set of its own.
        Files.write(training, List.of("a cat\t0", "a dog a dog a dog\t2", "", "a cow\t3"));
        assertRefused("of '" + training + "': row 4 holds 3, and the likelihood categorical of 3 classes takes whole");
    }

    /** A loss over one class is 0 whatever the weights are. */
    @Test
    void oneLabelAlone() throws IOException {
        Files.write(training, List.of("a cat\tanimal", "a dog\tanimal"));
        assertRefused("has one class, which is right for every label", "--head", 1, "--output", pooled());
        Run run = train("--head", 2, "--output", pooled(), "--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("1 of 2 classes have no example in the training data: [1]"), run.err());
    }

    @Test
    void aTokenizerOfAnotherVocabulary() throws IOException {
        String words =
                IntStream.range(0, 31).mapToObj(i -> "\"w" + i + "\":" + i).collect(Collectors.joining(","));
        tokenizer = Files.writeString(
                folder.resolve("other.json"),
                "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{" + words + "},\"unk_token\":\"w0\"}}");
        assertRefused("'" + tokenizer + "' numbers 31 tokens, and the table 'words.weight' of '" + model + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a cat;0/a dog|line 2 of 'T' has 1 column, not 2; columns are separated by tabs",
                "a cat;0//a dog;1;2|line 3 of 'T' has 3 columns, not 2",
                "a cat;|line 1 of 'T' has no label",
                "a cat;0/a dog;many|the labels of 'T' are words [0, many]",
                "/ //|cannot read 'T': bad table of texts (it has no lines)",
            })
    void aBrokenTable(String content, String message) throws IOException {
        Files.writeString(training, content.replace(';', '\t').replace('/', '\n'));
        assertRefused(message.replace("'T'", "'" + training + "'"));
    }

    @Test
    void emptyLinesArePassedOver() throws IOException {
        Files.writeString(training, "\n\na cat\t0\r\n  \n\na dog\t1\n\n");
        Run run = train("--dry-run");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("over 2 examples"), run.out());
    }

    @Test
    void aLossThatIsNoNumberKeepsTheLastCheckpoint() throws IOException {
        Path kept = folder.resolve("kept");
        Run run = train(
                "--optimizer",
                "sgd",
                "--learning-rate",
                "1e20",
                "--epochs",
                50,
                "--batch-size",
                1,
                "--checkpoints",
                kept,
                "--checkpoint-every",
                1);
        assertOneLine(run, "step ", "the training diverged, and stops");
        assertFalse(Files.exists(folder.resolve("tuned.onnx")));
        List<String> models =
                files().stream().filter(file -> file.endsWith(".onnx")).toList();
        assertEquals(1, models.size(), models.toString());
        assertTrue(run.err().contains("the last checkpoint is '" + models.get(0) + "'"), run.err());
        Run read = Run.of("inspect", models.get(0), "--json");
        assertEquals(0, read.exitCode(), read.err());
    }
}
