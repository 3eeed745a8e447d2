package io.squisher.format.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFactsTest {
    @TempDir
    Path folder;

    private TokenizerFacts read(String content) throws IOException {
        return TokenizerFacts.read(Files.writeString(folder.resolve("tokenizer.json"), content));
    }

    @Test
    void countsTheTokensOfModelAndAdditions() throws IOException {
        TokenizerFacts facts = read("""
                {"model": {"vocab": {"a": 0, "[PAD]": 7, "b": 3}, "type": "WordPiece"},
                 "added_tokens": [{"id": 9, "content": "<new>"}], "padding": null, "truncation": null}
                """);
        assertEquals(new TokenizerFacts(10, 7, OptionalInt.empty()), facts);
    }

    @Test
    void takesTheStatedNumbersFirst() throws IOException {
        TokenizerFacts facts = read("""
                {"truncation": {"max_length": 128}, "padding": {"pad_id": 1},
                 "model": {"vocab": [["<pad>", 0.0], ["a", -1.5]]}}
                """);
        assertEquals(new TokenizerFacts(2, 1, OptionalInt.of(128)), facts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model": {"vocab": {"a": 2147483647}}} | no token can have the number 2147483647
            {"model": {"vocab": {"a": 0}}, "padding": {"pad_id": -1}} | no token can have the number -1
            {"model": {"vocab": {"a": 0, "<pad>": -4}}} | no token can have the number -4
            {"model": {"vocab": {"a": 0}}, "truncation": {"max_length": 0}} | it cuts texts at 0 tokens
            """)
    void refusesNumbersThatNoModelHas(String content, String reason) {
        String message =
                assertThrows(FormatException.class, () -> read(content)).getMessage();
        assertEquals(
                "cannot read '" + folder.resolve("tokenizer.json") + "': bad tokenizer.json (" + reason + ")", message);
    }
}
