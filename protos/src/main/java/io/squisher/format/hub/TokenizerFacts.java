package io.squisher.format.hub;

import io.squisher.files.FormatException;
import io.squisher.internal.gson.JsonParseException;
import io.squisher.internal.gson.stream.JsonReader;
import io.squisher.internal.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a {@code tokenizer.json} says of the arrays that its tokens go into; libraries that cut texts do not tell it.
 *
 * @param tokens one more than the largest number of a token, at least 1
 * @param pad the number of the token that fills up, 0 where there is none; not negative
 * @param longest the length that texts are cut at, where it is stated; at least 1
 */
public record TokenizerFacts(int tokens, int pad, OptionalInt longest) {
    private static final String FORMAT = "tokenizer.json";
    private static final List<String> PADS = List.of("[PAD]", "<pad>", "<|pad|>");

    /**
     * Reads a file, without keeping its vocabulary.
     *
     * @throws FormatException if it is no such file
     */
    public static TokenizerFacts read(Path file) {
        Reading reading = new Reading();
        try (JsonReader json = new JsonReader(Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
            reading.file(json);
        } catch (java.nio.charset.CharacterCodingException
                | JsonParseException
                | IllegalStateException
                | NumberFormatException
                | io.squisher.internal.gson.stream.MalformedJsonException e) {
            throw FormatException.notText(file, FORMAT, FormatException.firstLine(e));
        } catch (java.io.EOFException e) {
            throw FormatException.notText(file, FORMAT, "it ends in the middle");
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
        if (reading.largest < 0) {
            throw FormatException.notText(file, FORMAT, "it has no vocabulary 'model.vocab'");
        }
        int pad = reading.statedPad.or(() -> reading.namedPad).orElse(0);
        if (reading.largest == Integer.MAX_VALUE || pad < 0) {
            int number = pad < 0 ? pad : reading.largest;
            throw FormatException.badWithin(file, FORMAT, "no token can have the number " + number);
        }
        if (reading.longest.orElse(1) < 1) {
            throw FormatException.badWithin(file, FORMAT, "it cuts texts at " + reading.longest.getAsInt() + " tokens");
        }
        return new TokenizerFacts(reading.largest + 1, pad, reading.longest);
    }

    /** What was found so far. */
    private static final class Reading {
        private int largest = -1;
        private Optional<Integer> statedPad = Optional.empty();
        private Optional<Integer> namedPad = Optional.empty();
        private OptionalInt longest = OptionalInt.empty();

        void file(JsonReader json) throws IOException {
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                boolean object = json.peek() == JsonToken.BEGIN_OBJECT;
                switch (name) {
                    case "model" -> model(json);
                    case "added_tokens" -> addedTokens(json);
                    case "padding" -> {
                        if (object) {
                            statedPad = Optional.ofNullable(number(json, "pad_id"));
                        } else {
                            json.skipValue();
                        }
                    }
                    case "truncation" -> {
                        Integer stated = object ? number(json, "max_length") : null;
                        if (stated != null) {
                            longest = OptionalInt.of(stated);
                        } else if (!object) {
                            json.skipValue();
                        }
                    }
                    default -> json.skipValue();
                }
            }
            json.endObject();
        }

        /** The number called {@code wanted} of an object, which is read to its end; null where it has none. */
        private static Integer number(JsonReader json, String wanted) throws IOException {
            Integer found = null;
            json.beginObject();
            while (json.hasNext()) {
                if (json.nextName().equals(wanted) && json.peek() == JsonToken.NUMBER) {
                    found = json.nextInt();
                } else {
                    json.skipValue();
                }
            }
            json.endObject();
            return found;
        }

        private void model(JsonReader json) throws IOException {
            json.beginObject();
            while (json.hasNext()) {
                if (!json.nextName().equals("vocab")) {
                    json.skipValue();
                } else if (json.peek() == JsonToken.BEGIN_ARRAY) {
                    // A unigram model lists its pieces with their scores.
                    json.beginArray();
                    for (int id = 0; json.hasNext(); id++) {
                        largest = Math.max(largest, id);
                        json.skipValue();
                    }
                    json.endArray();
                } else {
                    json.beginObject();
                    while (json.hasNext()) {
                        token(json.nextName(), json.nextInt());
                    }
                    json.endObject();
                }
            }
            json.endObject();
        }

        private void token(String content, int id) {
            largest = Math.max(largest, id);
            if (PADS.contains(content)) {
                namedPad = Optional.of(id);
            }
        }

        private void addedTokens(JsonReader json) throws IOException {
            json.beginArray();
            while (json.hasNext()) {
                String content = "";
                int id = -1;
                json.beginObject();
                while (json.hasNext()) {
                    switch (json.nextName()) {
                        case "id" -> id = json.nextInt();
                        case "content" -> content = json.nextString();
                        default -> json.skipValue();
                    }
                }
                json.endObject();
                token(content, id);
            }
            json.endArray();
        }
    }
}
