package io.squisher.onnx.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
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
            load();
            return new Tokenizer(file, offline(() -> HuggingFaceTokenizer.newInstance(file, options)));
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        } catch (NoClassDefFoundError e) {
            throw new SquisherException(
                    "texts need the library ai.djl.huggingface:tokenizers, which is not on the class path; add it, or give"
                            + " tokens",
                    e);
        } catch (SquisherException e) {
            throw e;
        } catch (RuntimeException e) {
            throw FormatException.badWithin(file, "tokenizer.json", FormatException.firstLine(e));
        }
    }

    /** Loads the native part, so that what is wrong with it is not said of the file. */
    private static void load() throws IOException {
        try {
            offline(() -> {
                LibUtils.checkStatus();
                return true;
            });
        } catch (UnsatisfiedLinkError | RuntimeException e) {
            throw new SquisherException(
                    "texts need the native part of ai.djl.huggingface:tokenizers, which does not load on this machine ("
                            + e.getMessage() + "); give tokens",
                    e);
        }
    }

    /** What is done with the library. */
    private interface Call<T> {
        T get() throws IOException;
    }

    private static synchronized <T> T offline(Call<T> call) throws IOException {
        String before = System.getProperty(OFFLINE);
        System.setProperty(OFFLINE, "true");
        try {
            return call.get();
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
        List<Tokens> tokens = new ArrayList<>();
        try {
            if (lines.stream().noneMatch(line -> line.second().isPresent())) {
                List<String> texts = lines.stream().map(TextLine::text).toList();
                for (Encoding encoding : library.batchEncode(texts, true, false)) {
                    tokens.add(tokens(encoding));
                }
                return tokens;
            }
            for (TextLine line : lines) {
                tokens.add(tokens(library.encode(line.text(), line.second().orElse(""), true, false)));
            }
            return tokens;
        } catch (RuntimeException e) {
            throw new SquisherException(
                    "'" + file + "' cannot make tokens of lines " + lines.get(0).number() + " to "
                            + lines.get(lines.size() - 1).number() + ": " + FormatException.firstLine(e),
                    e);
        }
    }

    private static Tokens tokens(Encoding encoding) {
        long[] ids = encoding.getIds();
        long[] types = encoding.getTypeIds();
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
