package io.squisher.format.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubVocabularyTest {
    private static final String WORDS = """
            {"model": {"type": "WordPiece", "vocab": {"[PAD]": 0, "a": 1, "b": 2}},
             "added_tokens": [{"id": 3, "content": "<new>"}]}
            """;

    @TempDir
    Path folder;

    private HubFolder folder(String name, String file, String content) throws IOException {
        Path path = Files.createDirectories(folder.resolve(name));
        for (String earlier : List.of("tokenizer.json", "vocab.json", "vocab.txt", "spiece.model")) {
            Files.deleteIfExists(path.resolve(earlier));
        }
        Files.writeString(path.resolve("config.json"), "{}");
        Files.writeString(path.resolve(file), content);
        return HubFolder.of(path).orElseThrow();
    }

    private Optional<String> difference(String fileA, String a, String fileB, String b) throws IOException {
        HubVocabulary first = folder("a", fileA, a).vocabulary().orElseThrow();
        HubVocabulary second = folder("b", fileB, b).vocabulary().orElseThrow();
        return first.difference(second).map(text -> text.replace(folder + "/", ""));
    }

    @Test
    void theSameNumbersForTheSameTokensAreNoDifference() throws IOException {
        String other = """
                {"added_tokens": [], "model": {"vocab": {"b": 2, "<new>": 3, "[PAD]": 0, "a": 1}, "dropout": 0.1}}
                """;
        assertEquals(Optional.empty(), difference("tokenizer.json", WORDS, "tokenizer.json", other));
        assertEquals(Optional.empty(), difference("tokenizer.json", WORDS, "vocab.txt", "[PAD]\na\nb\n<new>\n"));
        String unigram = """
                {"model": {"type": "Unigram", "vocab": [["[PAD]", 0.0], ["a", -1.5], ["b", -2], ["<new>", -3]]}}
                """;
        assertEquals(Optional.empty(), difference("tokenizer.json", WORDS, "tokenizer.json", unigram));
        assertEquals(
                Optional.empty(),
                difference("vocab.json", "{\"a\": 0, \"b\": 1}", "vocab.json", "{\"b\": 1, \"a\": 0}"));
    }

    @Test
    void differencesSayWhere() throws IOException {
        assertEquals(
                "the tokenizers of 'a' and 'b' differ: number 1 is 'a' in one and 'c' in the other",
                difference("tokenizer.json", WORDS, "tokenizer.json", WORDS.replace("\"a\": 1", "\"c\": 1"))
                        .orElseThrow());
        assertEquals(
                "the tokenizers of 'a' and 'b' differ: one has 4 tokens, the other 3",
                difference("tokenizer.json", WORDS, "vocab.json", "{\"[PAD]\": 0, \"a\": 1, \"b\": 2}")
                        .orElseThrow());
        assertEquals(
                "the tokenizers of 'a' and 'b' differ: 'spiece.model' is not the same",
                difference("spiece.model", "one", "spiece.model", "two").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"model\": 3}",
                "{\"model\": {}}",
                "{\"model\": {\"vocab\": [1]}}",
                "{\"model\": {\"vocab\": {\"a\": \"b\"}}}",
                "{\"model\": {\"vocab\": {}}, \"added_tokens\": [{}]}"
            })
    void refusesWhatIsNoTokenizer(String text) throws IOException {
        HubFolder hub = folder("a", "tokenizer.json", text);
        String message = assertThrows(FormatException.class, hub::vocabulary).getMessage();
        assertTrue(message.startsWith("cannot read '" + hub.path().resolve("tokenizer.json") + "': "), message);
        assertTrue(message.contains("bad tokenizer (it has no vocabulary where one is expected)"), message);
    }

    @Test
    void aFolderIsKnownByItsConfiguration() throws IOException {
        HubFolder hub = folder("a", "vocab.txt", "x\n");
        Files.writeString(hub.path().resolve("model.safetensors"), "weights");
        Files.writeString(hub.path().resolve("notes.txt"), "mine");
        assertEquals(
                List.of("config.json", "vocab.txt"), List.copyOf(hub.beside().keySet()));
        assertEquals(
                hub.path(),
                HubFolder.of(hub.path().resolve("model.safetensors"))
                        .orElseThrow()
                        .path());
        assertEquals(Optional.empty(), HubFolder.of(folder.resolve("none.onnx")));
        assertTrue(folder("b", "added_tokens.json", "{}").vocabulary().isEmpty());
    }
}
