package io.squisher.format.hub;

import io.squisher.Counted;
import io.squisher.files.FormatException;
import io.squisher.internal.gson.JsonElement;
import io.squisher.internal.gson.JsonObject;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which number stands for which token, as rows of a model's embeddings are numbered. Read from {@code tokenizer.json} (the
 * vocabulary of its model and the added tokens), {@code vocab.json} or {@code vocab.txt}. Of a tokenizer of SentencePiece
 * alone only the bytes are known.
 */
public final class HubVocabulary {
    private static final List<String> OPAQUE = List.of("tokenizer.model", "spiece.model", "sentencepiece.bpe.model");

    private final HubFolder folder;
    private final String file;
    private final byte[] bytes;
    private final Map<Long, String> tokens;

    private HubVocabulary(HubFolder folder, String file, byte[] bytes, Map<Long, String> tokens) {
        this.folder = folder;
        this.file = file;
        this.bytes = bytes;
        this.tokens = tokens;
    }

    static Optional<HubVocabulary> of(HubFolder folder) {
        for (String name : List.of("tokenizer.json", "vocab.json", "vocab.txt")) {
            Optional<byte[]> content = folder.file(name);
            if (content.isPresent()) {
                byte[] bytes = content.get();
                return Optional.of(new HubVocabulary(folder, name, bytes, read(folder, name, bytes)));
            }
        }
        for (String name : OPAQUE) {
            Optional<byte[]> content = folder.file(name);
            if (content.isPresent()) {
                return Optional.of(new HubVocabulary(folder, name, content.get(), Map.of()));
            }
        }
        return Optional.empty();
    }

    private static Map<Long, String> read(HubFolder folder, String name, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Map<Long, String> tokens = new TreeMap<>();
        if (name.endsWith(".txt")) {
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                tokens.put((long) i, lines.get(i));
            }
            return tokens;
        }
        try {
            JsonObject json = JsonParser.parseString(text).getAsJsonObject();
            if (name.equals("vocab.json")) {
                addNumbered(json, tokens);
            } else {
                addVocabulary(json.getAsJsonObject("model").get("vocab"), tokens);
                if (json.has("added_tokens")) {
                    json.getAsJsonArray("added_tokens")
                            .forEach(added -> tokens.put(
                                    added.getAsJsonObject().get("id").getAsLong(),
                                    added.getAsJsonObject().get("content").getAsString()));
                }
            }
            return tokens;
        } catch (JsonParseException
                | IllegalStateException
                | ClassCastException
                | NullPointerException
                | UnsupportedOperationException
                | NumberFormatException e) {
            // Their messages name classes of Java.
            throw FormatException.bad(
                    folder.path().resolve(name), "tokenizer", "it has no vocabulary where one is expected");
        }
    }

    /** An object of token to number, or, of a unigram model, a list of [token, score] in the order of the numbers. */
    private static void addVocabulary(JsonElement vocabulary, Map<Long, String> tokens) {
        if (vocabulary.isJsonObject()) {
            addNumbered(vocabulary.getAsJsonObject(), tokens);
            return;
        }
        long number = 0;
        for (JsonElement entry : vocabulary.getAsJsonArray()) {
            tokens.put(number++, entry.getAsJsonArray().get(0).getAsString());
        }
    }

    private static void addNumbered(JsonObject numbers, Map<Long, String> tokens) {
        numbers.entrySet().forEach(entry -> tokens.put(entry.getValue().getAsLong(), entry.getKey()));
    }

    /**
     * In what two vocabularies differ, in a sentence without a full stop; empty if the same numbers stand for the same tokens, or
     * there is no telling because one is SentencePiece's and the other is not.
     */
    public Optional<String> difference(HubVocabulary other) {
        if (Arrays.equals(bytes, other.bytes)) {
            return Optional.empty();
        }
        String both = "the tokenizers of '" + folder + "' and '" + other.folder + "' differ: ";
        if (tokens.isEmpty() || other.tokens.isEmpty()) {
            return file.equals(other.file) ? Optional.of(both + "'" + file + "' is not the same") : Optional.empty();
        }
        for (Map.Entry<Long, String> token : tokens.entrySet()) {
            String there = other.tokens.get(token.getKey());
            if (there != null && !there.equals(token.getValue())) {
                return Optional.of(both + "number " + token.getKey() + " is '" + token.getValue() + "' in one and '"
                        + there + "' in the other");
            }
        }
        return tokens.keySet().equals(other.tokens.keySet())
                ? Optional.empty()
                : Optional.of(
                        both + "one has " + Counted.of(tokens.size(), "token") + ", the other " + other.tokens.size());
    }

    /** How many tokens have a number; 0 where that is not known. */
    public int size() {
        return tokens.size();
    }

    @Override
    public String toString() {
        return Counted.of(tokens.size(), "token") + " of '" + folder.path().resolve(file) + "'";
    }
}
