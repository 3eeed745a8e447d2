package io.squisher.files;

import io.squisher.Article;
import io.squisher.SquisherException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A file that cannot be read: it is missing, <em>not a</em> file of that format, a <em>bad</em> or an <em>unsupported</em> one. */
public final class FormatException extends SquisherException {
    private static final long serialVersionUID = 1L;

    /** Where a parser wraps another's exception, the message begins with its class. */
    private static final String CLASS_NAME = "^java\\.[\\w.]+: ";

    private static final String GSON_ADVICE =
            "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON";

    private final boolean unsupported;

    private FormatException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private FormatException(String message, Throwable cause, boolean unsupported) {
        super(message, cause);
        this.unsupported = unsupported;
    }

    /** Whether the file is sound, and only uses something that is not supported. */
    public boolean isUnsupported() {
        return unsupported;
    }

    /**
     * The file is of another format: {@code cannot read 'f': not a safetensors file (detail)}. Where {@link ForeignContent} or
     * {@link ContentKind} knows what the file is, that stands in place of {@code detail}.
     */
    public static FormatException notA(Path file, String format, String detail) {
        return notA(file, format, detail, "");
    }

    /**
     * As {@link #notA(Path, String, String)}.
     *
     * @param wayOut how to get a file of the format, for a file that is sound as another
     */
    public static FormatException notA(Path file, String format, String detail, String wayOut) {
        String seen = ForeignContent.of(file)
                .or(() -> ofAnotherKind(file, format).map(kind -> kind + (wayOut.isEmpty() ? "" : "; " + wayOut)))
                .orElse(detail);
        return isNot(file, format, seen);
    }

    /** The file is of another format than one that is text: tables, JSON and programs are text too, and {@code detail} says more. */
    public static FormatException notText(Path file, String format, String detail) {
        String seen = ForeignContent.ofBytes(file)
                .or(() -> ofAnotherKind(file, format))
                .orElse(detail);
        return isNot(file, format, seen);
    }

    private static FormatException isNot(Path file, String format, String seen) {
        return new FormatException("cannot read '" + file + "': not " + Article.of(format) + " (" + seen + ")", null);
    }

    private static Optional<String> ofAnotherKind(Path file, String format) {
        return ContentKind.of(file).filter(kind -> !kind.mayBe(format)).map(kind -> "it is " + kind.words());
    }

    /** The file is of that format but damaged. */
    public static FormatException bad(Path file, String format, String detail) {
        return badWithin(file, format, ForeignContent.ofBytes(file).orElse(detail));
    }

    /** As {@link #bad}, for a reader that unpacks the file itself: what the archive is would say nothing of the damage. */
    public static FormatException badWithin(Path file, String format, String detail) {
        return new FormatException("cannot read '" + file + "': bad " + format + " (" + detail + ")", null);
    }

    /** The file is sound but uses something that is not supported. */
    public static FormatException unsupported(Path file, String format, String detail) {
        return new FormatException(
                "cannot read '" + file + "': unsupported " + format + " (" + detail + ")", null, true);
    }

    /** The file system said no: missing, a folder, no permission, or another error that is passed on. */
    public static FormatException unreadable(Path file, IOException cause) {
        return new FormatException("cannot read '" + file + "': " + reason(file, cause), cause);
    }

    /** The file cannot be written. */
    public static FormatException unwritable(Path file, IOException cause) {
        return new FormatException("cannot write '" + file + "': " + reason(file, cause), cause);
    }

    private static String reason(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            Path folder = file.toAbsolutePath().getParent();
            return folder != null && !Files.isDirectory(folder)
                    ? "the folder '" + folder + "' does not exist"
                    : "no such file";
        }
        if (Files.isDirectory(file)) {
            return "it is a folder";
        }
        if (cause instanceof FileAlreadyExistsException) {
            return "it is a file";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        // The message of a FileSystemException repeats the path, which may be that of a temporary file.
        String reason = cause instanceof FileSystemException system ? system.getReason() : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }

    /** What a parser says about its input is often followed by advice to programmers on further lines. */
    public static String firstLine(Exception parserFailure) {
        String message = parserFailure.getMessage();
        return message == null
                ? parserFailure.getClass().getSimpleName()
                : message.lines()
                        .findFirst()
                        .orElse(message)
                        .replace(GSON_ADVICE, "syntax error")
                        .replaceFirst(CLASS_NAME, "");
    }
}
