package io.squisher.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads small files of text: recipes, tables of scores, lists of names. */
public final class TextFile {
    /** Nobody writes more by hand, and a model given by mistake is not read to its end. */
    private static final long MOST_BYTES = 100_000_000;

    private TextFile() {}

    /**
     * The whole text, in UTF-8, without the mark that some editors put before it.
     *
     * @param format what the file should be, for messages
     * @throws FormatException if it is missing, too long, or no text
     */
    public static String read(Path path, String format) {
        try {
            if (Files.isRegularFile(path) && Files.size(path) > MOST_BYTES) {
                throw FormatException.notText(path, format, "it has more than " + MOST_BYTES + " bytes");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
                    .toString();
            if (ForeignContent.ofBytes(path).isPresent()) {
                throw FormatException.notText(path, format, "it is no such text");
            }
            if (text.isBlank() || text.indexOf('\0') >= 0) {
                throw FormatException.notText(path, format, text.isBlank() ? "it is empty" : "it is not text");
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw FormatException.notText(path, format, "it is not text in UTF-8");
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }
}
