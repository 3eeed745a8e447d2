package io.squisher.onnx.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.data.ClassNames;
import io.squisher.onnx.data.Examples;
import io.squisher.onnx.emit.ModelBuilder;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.onnx.graph.Attributes;
import io.squisher.onnx.graph.Node;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextReaderTest {
    private static final int LONG = 7;

    @TempDir
    Path folder;

    private Path tokenizer;
    private OnnxFile model;
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void find() {
        tokenizer = fixture("tokenizer.json");
        model = OnnxFile.read(fixture("model.onnx"));
    }

    private static Path fixture(String name) {
        try {
            return Path.of(TextReaderTest.class
                    .getResource("/fixtures/tiny_bert/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A model that takes tokens and does nothing with them that matters here. */
    private static OnnxFile taking(String input, long length) {
        ModelProto proto = new ModelBuilder()
                .nodes(List.of(new Node("y", "Identity", "", List.of(input), List.of("y"), Attributes.NONE)))
                .inputs(List.of(ModelBuilder.input(input, LONG, -1, length)))
                .output("y")
                .build();
        return new OnnxFile(Path.of("m.onnx"), proto);
    }

    private Path write(String... lines) throws IOException {
        return Files.write(folder.resolve("t.tsv"), List.of(lines));
    }

    private TextReader reader(TextChoice choice) {
        return TextReader.of(model, tokenizer, choice, notices::add);
    }

    private static long[] values(Examples examples, String array) {
        Tensor tensor = examples.arrays().get(array);
        return tensor.toLongs();
    }

    /** The numbers are the places of words in the tokenizer's list: {@code [CLS] 2, [SEP] 3, the 5, cat 6, ...}. */
    @Test
    void textsBecomeTheInputsOfTheModel() throws IOException {
        TextExamples read = reader(TextChoice.usual()).read(List.of(write("The cat sees a dog.\t2", "who?\t0")));
        Examples all = read.whole();
        assertEquals("[2, 10]", all.arrays().get("input_ids").shape().toString());
        assertArrayEquals(
                new long[] {2, 5, 6, 10, 4, 7, 27, 3, 0, 0, 2, 20, 26, 3, 0, 0, 0, 0, 0, 0}, values(all, "input_ids"));
        assertArrayEquals(
                new long[] {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}, values(all, "attention_mask"));
        assertArrayEquals(new long[20], values(all, "token_type_ids"));
        assertArrayEquals(new long[] {2, 0}, values(all, "labels"));
        assertEquals("rows 1 to 2 of '" + folder.resolve("t.tsv") + "'", all.describe(0, 2));
    }

    @Test
    void pairsHaveTypesAndAreCutTogether() throws IOException {
        TextExamples read =
                reader(TextChoice.usual()).read(List.of(write("a cat\tthe dog\t0", "a a a a a a\tthe the\t1")));
        Examples all = read.whole();
        assertArrayEquals(new long[] {2, 4, 6, 3, 5, 7, 3, 0, 0, 0}, Arrays.copyOf(values(all, "input_ids"), 10));
        assertArrayEquals(new long[] {0, 0, 0, 0, 1, 1, 1, 0, 0, 0}, Arrays.copyOf(values(all, "token_type_ids"), 10));
        // Ten at most: the longer one loses.
        assertArrayEquals(
                new long[] {2, 4, 4, 4, 4, 4, 3, 5, 5, 3}, Arrays.copyOfRange(values(all, "input_ids"), 10, 20));
        assertTrue(
                notices.get(0).matches("1 of 2 texts of '.*' have 10 tokens or more, and are cut there"),
                notices::toString);
    }

    @Test
    void classesAreKeptFromTrainingToValidation() throws IOException {
        TextReader reader = reader(TextChoice.usual());
        TextExamples training = reader.readNew(List.of(write("cat\tpet", "cow\tfarm", "dog\tpet")));
        assertEquals(
                List.of("farm", "pet"),
                training.classes().map(ClassNames::names).orElseThrow());
        assertArrayEquals(new long[] {1, 0, 1}, values(training.whole(), "labels"));
        TextExamples validation = reader.read(List.of(write("bird\tpet")));
        assertArrayEquals(new long[] {1}, values(validation.whole(), "labels"));
        assertRefused(
                () -> reader.read(List.of(write("bird\tpet", "what\twild"))), "line 2 of .* has the label 'wild'");
        model = training.classes().orElseThrow().keptIn(model);
        assertArrayEquals(
                new long[] {1},
                values(
                        reader(TextChoice.usual())
                                .read(List.of(write("bird\tpet")))
                                .whole(),
                        "labels"));
    }

    @Test
    void otherLikelihoodsHaveNumbers() throws IOException {
        TextChoice numbers = new TextChoice(
                Optional.empty(), "y", new Likelihood.Gaussian(1), OptionalInt.empty(), OptionalLong.of(2));
        TextExamples read = reader(numbers).read(List.of(write("cat\t-0.5", "dog\t2e1", "cow\tmany")));
        assertArrayEquals(
                new float[] {-0.5f, 20}, read.whole().arrays().get("y").toFloats());
        assertEquals(Optional.empty(), read.classes());
        TextChoice all = new TextChoice(
                Optional.empty(), "y", new Likelihood.Gaussian(1), OptionalInt.empty(), OptionalLong.empty());
        assertRefused(
                () -> reader(all).read(List.of(folder.resolve("t.tsv"))),
                "line 3 of '.*' has the label 'many', which is no number; the likelihood gaussian takes numbers");
    }

    @Test
    void textsWithoutLabelsHaveNoSuchArray() throws IOException {
        TextChoice unlabelled = new TextChoice(
                Optional.of(TextColumns.parse("text")),
                "labels",
                new Likelihood.Gaussian(1),
                OptionalInt.empty(),
                OptionalLong.empty());
        Examples read =
                reader(unlabelled).read(List.of(write("a cat", "a dog"))).whole();
        assertEquals(3, read.arrays().size());
        assertEquals(2, read.count());
    }

    /** By length or not, in whatever order: each line is there once with the same tokens. */
    @Test
    void setsHoldTheSameTexts() throws IOException {
        model = taking("input_ids", -1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add("cat ".repeat(1 + i % 60) + "\t" + i);
        }
        TextExamples read = reader(TextChoice.usual().cutAt(50)).read(List.of(write(lines.toArray(new String[0]))));
        Examples whole = read.whole();
        assertEquals("[300, 50]", whole.arrays().get("input_ids").shape().toString());
        long[] ids = values(whole, "input_ids");
        long seen = 0;
        List<Long> lengths = new ArrayList<>();
        for (Examples set : read.sets()) {
            Tensor tokens = set.arrays().get("input_ids");
            int length = (int) tokens.shape().dim(1);
            lengths.add((long) length);
            long[] own = tokens.toLongs();
            long[] labels = values(set, "labels");
            for (int row = 0; row < labels.length; row++) {
                int line = (int) labels[row];
                assertArrayEquals(
                        Arrays.copyOfRange(ids, line * 50, line * 50 + length),
                        Arrays.copyOfRange(own, row * length, (row + 1) * length));
                assertEquals(line + 1, set.place(row).row());
                seen++;
            }
            // Read in the middle of a row as well.
            assertArrayEquals(
                    Arrays.copyOfRange(own, length, 2 * length),
                    set.batch("input_ids", 1, 1, tokens.type()).toLongs());
        }
        assertEquals(300, seen);
        assertEquals(List.of(16L, 24L, 48L, 50L).size(), lengths.size(), lengths.toString());
    }

    /** What the library's own documentation gives for BERT's vocabulary. */
    @Test
    void tokensOfMiniLmAreBerts() throws IOException {
        tokenizer = folder.resolve("tokenizer.json");
        try (InputStream resource = TextReaderTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            Files.copy(resource, tokenizer);
        }
        model = taking("input_ids", -1);
        TextExamples read = reader(TextChoice.usual()).read(List.of(write("Hello world!\t0", "tokenization\t1")));
        assertArrayEquals(new long[] {101, 7592, 2088, 999, 102}, Arrays.copyOf(values(read.whole(), "input_ids"), 5));
        assertArrayEquals(
                new long[] {101, 19204, 3989, 102}, Arrays.copyOfRange(values(read.whole(), "input_ids"), 16, 20));
        model = OnnxFile.read(fixture("model.onnx"));
        assertRefused(
                () -> reader(TextChoice.usual()),
                "numbers 30522 tokens, and the table 'words.weight' of '.*', which 'input_ids' looks rows up in, has"
                        + " 30 rows: it is the tokenizer of another vocabulary");
    }

    @Test
    void aMuchSmallerVocabularyIsTold() throws IOException {
        tokenizer = Files.writeString(
                folder.resolve("small.json"),
                "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0,\"b\":1},\"unk_token\":\"a\"}}");
        reader(TextChoice.usual());
        assertTrue(notices.get(0).contains("numbers only 2 tokens, and the table 'words.weight'"), notices::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|not a tokenizer.json",
                "{\"model\":{}}|it has no vocabulary 'model.vocab'",
                "{\"model\":{\"vocab\":{\"a\":0}|it ends in the middle",
                "{\"model\":{\"vocab\":{\"a\":\"x\"}}}|not a tokenizer.json",
                "nonsense|not a tokenizer.json",
            })
    void whatIsNoTokenizerIsRefused(String content, String message) throws IOException {
        tokenizer = Files.writeString(folder.resolve("bad.json"), content);
        assertRefused(() -> reader(TextChoice.usual()), message);
    }

    @Test
    void whatTheLibraryRefusesIsOneLine() throws IOException {
        tokenizer =
                Files.writeString(folder.resolve("bad.json"), "{\"model\":{\"type\":\"None\",\"vocab\":{\"a\":0}}}");
        TextReader reader = TextReader.of(taking("input_ids", -1), tokenizer, TextChoice.usual(), notices::add);
        assertRefused(
                () -> reader.read(List.of(write("a\t0"))), "cannot read '.*bad.json': bad tokenizer.json \\(.*\\)");
    }

    @Test
    void aModelThatTakesNoTokensIsRefused() {
        model = taking("pixels", -1);
        assertRefused(() -> reader(TextChoice.usual()), "the input 'pixels' of 'm.onnx' takes no tokens of a text");
        model = taking("attention_mask", -1);
        assertRefused(() -> reader(TextChoice.usual()), "no input of 'm.onnx' takes the numbers of tokens");
    }

    @Test
    void aModelOfOneLengthIsGivenThatLength() throws IOException {
        model = taking("input_ids", 12);
        TextExamples read = reader(TextChoice.usual()).read(List.of(write("a\t0", "the cat\t1")));
        assertEquals("[2, 12]", read.sets()[0].arrays().get("input_ids").shape().toString());
        assertRefused(() -> reader(TextChoice.usual().cutAt(13)), "'m.onnx' takes texts of 12 tokens, not of 13");
    }

    @Test
    void wordsForClassesOfAModelThatDoesNotSayThemAreRefused() {
        assertRefused(
                () -> reader(TextChoice.usual()).read(List.of(write("a\tyes", "a\tno"))),
                "the labels of '.*' are words \\[no, yes\\], and '.*model.onnx' does not say which class is called"
                        + " what");
    }

    /** Something that may not end well. */
    private interface Attempt {
        void run() throws IOException;
    }

    private static void assertRefused(Attempt attempt, String message) {
        SquisherException refused = assertThrows(SquisherException.class, attempt::run);
        assertTrue(refused.getMessage().matches(".*" + message + ".*"), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }
}
