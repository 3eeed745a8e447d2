package io.squisher.onnx.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import io.squisher.SquisherException;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cuts texts into the tokens of a {@code tokenizer.json}, with the special tokens that it puts around them. */
final class Tokenizer implements AutoCloseable {
    /** On a machine with a GPU the library would download another build of itself, and on Amazon's it would report its use. */
    private static final String OFFLINE = "ai.djl.offline";

    private final Path file;
    private final HuggingFaceTokenizer library;

    private Tokenizer(Path file, HuggingFaceTokenizer library) {
        this.file = file;
        this.library = library;
    }

    /**
     * Opens a file.
     *
     * @param longest where texts are cut; of a pair, the longer text first
     * @throws SquisherException if it cannot be read, or the library is not there
     */
    static Tokenizer open(Path file, int longest) {
        Map<String, String> options = Map.of(
                "truncation",
                "true",
                "padding",
                "false",
                "maxLength",
                Integer.toString(longest),
                "modelMaxLength",
                Integer.toString(longest));
        try {
            return new Tokenizer(file, offline(file, options));
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        } catch (NoClassDefFoundError e) {
            throw new SquisherException(
                    "texts need the library ai.djl.huggingface:tokenizers, which is not on the class path; add it, or"
                            + " give tokens",
                    e);
        } catch (LinkageError e) {
            throw new SquisherException(
                    "the library ai.djl.huggingface:tokenizers does not load here: "
                            + FormatException.firstLine(new Exception(e)) + "; give tokens instead",
                    e);
        } catch (RuntimeException e) {
            throw FormatException.badWithin(file, "tokenizer.json", FormatException.firstLine(e));
        }
    }

    private static synchronized HuggingFaceTokenizer offline(Path file, Map<String, String> options)
            throws IOException {
        String before = System.getProperty(OFFLINE);
        System.setProperty(OFFLINE, "true");
        try {
            return HuggingFaceTokenizer.newInstance(file, options);
        } finally {
            if (before == null) {
                System.clearProperty(OFFLINE);
            } else {
                System.setProperty(OFFLINE, before);
            }
        }
    }

    /** The tokens of lines, in their order. */
    List<Tokens> encode(List<TextLine> lines) {
        boolean pairs = !lines.isEmpty() && lines.get(0).second().isPresent();
        Encoding[] encodings;
        try {
            encodings = pairs
                    ? library.batchEncode(pairs(lines), true, false)
                    : library.batchEncode(lines.stream().map(TextLine::text).toList(), true, false);
        } catch (RuntimeException e) {
            throw new SquisherException(
                    "'" + file + "' cannot make tokens of lines " + lines.get(0).number() + " to "
                            + lines.get(lines.size() - 1).number() + ": " + FormatException.firstLine(e),
                    e);
        }
        List<Tokens> tokens = new ArrayList<>();
        for (Encoding encoding : encodings) {
            tokens.add(tokens(encoding.getIds(), encoding.getTypeIds()));
        }
        return tokens;
    }

    private static PairList<String, String> pairs(List<TextLine> lines) {
        PairList<String, String> pairs = new PairList<>(lines.size());
        lines.forEach(line -> pairs.add(line.text(), line.second().orElseThrow()));
        return pairs;
    }

    private static Tokens tokens(long[] ids, long[] types) {
        int[] shortIds = new int[ids.length];
        byte[] shortTypes = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
            shortIds[i] = Math.toIntExact(ids[i]);
            shortTypes[i] = (byte) types[i];
        }
        return new Tokens(shortIds, shortTypes);
    }

    @Override
    public void close() {
        library.close();
    }
}
