package io.squisher.templates.texttasks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.squisher.onnx.data.Examples;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** WordPiece tokens of BERT's uncased vocabulary, for English text: the longest pieces first. */
final class WordPieces {
    private final JsonObject vocabulary;

    private WordPieces(JsonObject vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Reads the vocabulary of a {@code tokenizer.json}. */
    static WordPieces read(Path tokenizer) throws IOException {
        JsonObject json = JsonParser.parseString(Files.readString(tokenizer)).getAsJsonObject();
        return new WordPieces(json.getAsJsonObject("model").getAsJsonObject("vocab"));
    }

    /** Sentences as BERT's three inputs [sentences, tokens]: cut at {@code tokens}, or padded. */
    Examples examples(String source, List<String> sentences, int tokens) {
        long[] ids = new long[sentences.size() * tokens];
        long[] mask = new long[ids.length];
        for (int row = 0; row < sentences.size(); row++) {
            List<Long> pieces = pieces(sentences.get(row));
            int count = Math.min(pieces.size(), tokens - 2);
            ids[row * tokens] = id("[CLS]");
            for (int i = 0; i < count; i++) {
                ids[row * tokens + i + 1] = pieces.get(i);
            }
            ids[row * tokens + count + 1] = id("[SEP]");
            java.util.Arrays.fill(mask, row * tokens, row * tokens + count + 2, 1);
        }
        Shape shape = Shape.of(sentences.size(), tokens);
        return Examples.of(
                source,
                Map.of(
                        "input_ids", Tensor.of(shape, ids),
                        "attention_mask", Tensor.of(shape, mask),
                        "token_type_ids", Tensor.of(shape, new long[ids.length])));
    }

    /** The pieces of a sentence; a word that no pieces make up is unknown. */
    List<Long> pieces(String sentence) {
        List<Long> all = new ArrayList<>();
        for (String word : sentence.toLowerCase(Locale.ROOT).split("\\s+|(?=\\p{Punct})|(?<=\\p{Punct})")) {
            List<Long> pieces = new ArrayList<>();
            int from = 0;
            int to = word.length();
            while (from < to) {
                JsonElement piece = vocabulary.get((from > 0 ? "##" : "") + word.substring(from, to));
                if (piece == null) {
                    to--;
                } else {
                    pieces.add(piece.getAsLong());
                    from = to;
                    to = word.length();
                }
            }
            all.addAll(from < word.length() ? List.of(id("[UNK]")) : pieces);
        }
        return all;
    }

    private long id(String token) {
        return vocabulary.get(token).getAsLong();
    }
}
