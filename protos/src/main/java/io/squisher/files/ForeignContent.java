package io.squisher.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says what a file is that holds neither a model nor a checkpoint nor data, whatever it is called: a pointer of Git LFS, a web page,
 * an empty or half downloaded file, a table as text. People meet these under the names of models. All readers ask here when they
 * refuse a file, through {@link FormatException}.
 */
public final class ForeignContent {
    /** So much of the start is looked at. */
    private static final int START = 4096;

    private static final Pattern LFS_SIZE = Pattern.compile("(?m)^size (\\d{1,18})\\s*$");
    private static final Pattern WEB_PAGE =
            Pattern.compile("(<!--.*?-->\\s*)*<(!doctype html|html|head|body|script)\\b.*", Pattern.DOTALL);

    /** What is looked at: the path, the first bytes, the same as text, and how many bytes there are in all. */
    private record Content(Path path, byte[] start, String text, long size) {
        boolean startsWith(int... bytes) {
            return hasAt(0, bytes);
        }

        boolean hasAt(int offset, int... bytes) {
            if (start.length < offset + bytes.length) {
                return false;
            }
            for (int i = 0; i < bytes.length; i++) {
                if ((start[offset + i] & 0xff) != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private ForeignContent() {}

    /**
     * What {@code path} holds and how to get the file that is meant, for example {@code it is a pointer of Git LFS (173272836
     * bytes are elsewhere); fetch the file with 'git lfs pull'}.
     *
     * @param path a file that no format recognised
     * @return a clause without a full stop; empty for a folder, for a file that cannot be read, and for content that is unknown
     */
    public static Optional<String> of(Path path) {
        return describe(
                path,
                Stream.of(
                        ForeignContent::placeholder,
                        ForeignContent::zeros,
                        ForeignContent::packed,
                        ForeignContent::plainText));
    }

    /** As {@link #of}, without text, which a reader of a text format calls damaged and not foreign. */
    static Optional<String> ofBytes(Path path) {
        return describe(path, Stream.of(ForeignContent::placeholder, ForeignContent::packed));
    }

    private static Optional<String> describe(Path path, Stream<Function<Content, Optional<String>>> kinds) {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try {
            byte[] start = FileStart.of(path, START);
            Content content = new Content(path, start, text(start), Files.size(path));
            return kinds.flatMap(kind -> kind.apply(content).stream()).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String text(byte... start) {
        return new String(start, StandardCharsets.UTF_8).replace("\uFEFF", "").stripLeading();
    }

    /** What stands where a file should be: nothing, a pointer, or the server's answer. */
    private static Optional<String> placeholder(Content content) {
        if (content.size() == 0) {
            return Optional.of("the file is empty; download or export it again");
        }
        String text = content.text();
        if (text.startsWith("version https://git-lfs.github.com/spec/")
                || text.startsWith("version https://hawser.github.com/spec/")
                || text.startsWith("version http://git-media.io/")) {
            Matcher size = LFS_SIZE.matcher(text);
            return Optional.of("it is a pointer of Git LFS (" + (size.find() ? size.group(1) + " bytes" : "the bytes")
                    + " are elsewhere); fetch the file with 'git lfs pull'");
        }
        if (text.startsWith("/annex/objects/") || content.size() < 1024 && text.contains(".git/annex/objects/")) {
            return Optional.of("it is a pointer of git-annex; fetch the file with 'git annex get'");
        }
        if (text.startsWith("outs:") && text.contains("md5:")) {
            return Optional.of("it is a pointer of DVC; fetch the file with 'dvc pull'");
        }
        if (WEB_PAGE.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
            return Optional.of("it is a web page; download the file itself (on Hugging Face with /resolve/ in place of"
                    + " /blob/, on GitHub with /raw/)");
        }
        if (text.startsWith("<?xml") || text.startsWith("<Error>")) {
            return Optional.of("it is XML, perhaps a server's refusal; download the file again");
        }
        return Optional.empty();
    }

    /** Not asked of a file that its format recognised: the values of a model may all be 0. */
    private static Optional<String> zeros(Content content) {
        return isZeros(content)
                ? Optional.of("it starts with nothing but zeros, as an unfinished download does; fetch it again")
                : Optional.empty();
    }

    private static boolean isZeros(Content content) {
        for (byte b : content.start()) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Archives, files of other programs, and files whose end is missing. */
    private static Optional<String> packed(Content content) {
        return Signature.ALL.stream()
                .filter(signature -> content.hasAt(signature.offset(), signature.bytes()))
                .map(Signature::sentence)
                .findFirst()
                .or(() -> Truncation.of(content.path(), content.start(), content.size()));
    }

    /** Text for people: tables, settings, programs. */
    private static Optional<String> plainText(Content content) {
        if (content.startsWith(0xff, 0xfe) || content.startsWith(0xfe, 0xff)) {
            return Optional.of("it is text in UTF-16, as PowerShell's '>' writes it; copy the file in another way");
        }
        String text = content.text();
        if (!isText(content.start())) {
            return Optional.empty();
        }
        if (text.startsWith("{") || text.startsWith("[")) {
            return Optional.of("it is JSON: settings, or a server's refusal; give the file that holds the numbers");
        }
        return Optional.of(
                isTable(text)
                        ? "it is a table as text (CSV); numpy.savez('data.npz', **arrays) writes arrays that can be read"
                        : "it is text; give the file that holds the numbers");
    }

    /** Printable characters alone, but for a character that the look at the start cut in two. */
    private static boolean isText(byte... start) {
        String text = new String(start, StandardCharsets.UTF_8);
        int whole = start.length < START ? text.length() : Math.max(0, text.length() - 3);
        return text.substring(0, whole)
                .chars()
                .allMatch(c -> c == '\n' || c == '\r' || c == '\t' || c == '\f' || c >= 32 && c != 0x7f && c != 0xfffd);
    }

    /** Whether the first lines have one number of separators, which is not 0. */
    private static boolean isTable(String text) {
        List<String> lines =
                text.lines().filter(line -> !line.isBlank()).limit(6).toList();
        // The last line may be cut, unless the text has only this one.
        List<String> whole = lines.size() > 2 ? lines.subList(0, lines.size() - 1) : lines;
        return whole.size() > 1
                && ",;\t"
                        .chars()
                        .anyMatch(separator -> whole.stream()
                                                .map(line -> line.chars()
                                                        .filter(c -> c == separator)
                                                        .count())
                                                .distinct()
                                                .count()
                                        == 1
                                && whole.get(0).indexOf(separator) > 0);
    }

    /**
     * The bytes by which a kind of file is known.
     *
     * @param offset where they stand
     * @param sentence what the file is, and the way out
     */
    private record Signature(int offset, int[] bytes, String sentence) {
        private static final String UNPACK = "; unpack it and give the file inside";
        private static final String OTHER = "; give the model's own file";
        private static final String ARRAYS = "; numpy.savez('data.npz', **arrays) writes arrays that can be read";

        static final List<Signature> ALL = List.of(
                at(0, "it is a gzip archive" + UNPACK, 0x1f, 0x8b, 0x08),
                at(0, "it is a bzip2 archive" + UNPACK, 'B', 'Z', 'h', '9', 0x31, 0x41, 0x59),
                at(0, "it is an xz archive" + UNPACK, 0xfd, '7', 'z', 'X', 'Z', 0),
                at(0, "it is a Zstandard archive" + UNPACK, 0x28, 0xb5, 0x2f, 0xfd),
                at(0, "it is a 7z archive" + UNPACK, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c),
                at(0, "it is a RAR archive" + UNPACK, 'R', 'a', 'r', '!', 0x1a, 0x07),
                at(257, "it is a tar archive" + UNPACK, 'u', 's', 't', 'a', 'r'),
                at(0, "it is a picture (PNG)" + OTHER, 0x89, 'P', 'N', 'G'),
                at(0, "it is a picture (JPEG)" + OTHER, 0xff, 0xd8, 0xff),
                at(0, "it is a picture (GIF)" + OTHER, 'G', 'I', 'F', '8'),
                at(0, "it is a picture (TIFF)" + OTHER, 'I', 'I', 42, 0),
                at(0, "it is a picture (TIFF)" + OTHER, 'M', 'M', 0, 42),
                at(8, "it is a picture (WebP)" + OTHER, 'W', 'E', 'B', 'P'),
                at(8, "it is a sound (WAV)" + OTHER, 'W', 'A', 'V', 'E'),
                at(0, "it is a PDF document" + OTHER, '%', 'P', 'D', 'F', '-'),
                at(0, "it is an archive with nothing in it; write it again", 'P', 'K', 5, 6),
                at(0, "it is a MATLAB file" + ARRAYS, 'M', 'A', 'T', 'L', 'A', 'B', ' ', '5'),
                at(0, "it is an Arrow file" + ARRAYS, 'A', 'R', 'R', 'O', 'W', '1'),
                at(0, "it is a Feather file" + ARRAYS, 'F', 'E', 'A', '1'),
                at(0, "it is an Avro file" + ARRAYS, 'O', 'b', 'j', 1),
                at(0, "it is a database (SQLite)" + ARRAYS, 'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f'),
                at(0, "it is a program (ELF)" + OTHER, 0x7f, 'E', 'L', 'F'),
                at(
                        0,
                        "it is GGUF, whose weights are quantized; give the model that it was made from",
                        'G',
                        'G',
                        'U',
                        'F'),
                at(
                        4,
                        "it is a TensorFlow Lite model; give the model that it was made from, or its export to ONNX",
                        'T',
                        'F',
                        'L',
                        '3'),
                at(0, "it is a Parquet file" + ARRAYS, 'P', 'A', 'R', '1'),
                at(
                        0,
                        "it is one array of NumPy; numpy.savez('data.npz', name=array) gives it a name",
                        0x93,
                        'N',
                        'U',
                        'M',
                        'P',
                        'Y'));

        static Signature at(int offset, String sentence, int... bytes) {
            return new Signature(offset, bytes, sentence);
        }
    }
}
