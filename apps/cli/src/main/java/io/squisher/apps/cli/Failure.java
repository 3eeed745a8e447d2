package io.squisher.apps.cli;

import io.squisher.OneLine;
import io.squisher.SquisherException;
import io.squisher.apps.cli.option.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;

/** What a user is told of a failure: one line, whatever was thrown. */
record Failure(ExitCode code, String line) {
    /** The failure behind {@code thrown}; threads wrap what they throw. */
    static Failure of(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new Failure(
                cause instanceof UsageException ? ExitCode.WRONG_USAGE : ExitCode.FAILED,
                cause instanceof SquisherException ? cause.getMessage() : OneLine.of(words(cause)));
    }

    private static String words(Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            return "out of memory (" + cause.getMessage() + "); give Java more with -Xmx";
        }
        if (cause instanceof StackOverflowError) {
            return "the input nests too deeply for Java's stack; give it more with -Xss64m if the file is sound";
        }
        if (cause instanceof UncheckedIOException wrapped) {
            return reading(wrapped.getCause());
        }
        if (cause instanceof LinkageError) {
            return "a library of this program is missing or does not fit this machine (" + cause
                    + "); docs/templates.md says which versions belong together";
        }
        return "this is a fault of squisher itself (" + cause + "); --debug shows where, please report it";
    }

    private static String reading(IOException cause) {
        boolean named = cause instanceof FileSystemException file && file.getFile() != null;
        String reason = cause instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : cause instanceof FileSystemException
                        ? cause.getClass().getSimpleName()
                        : String.valueOf(cause.getMessage());
        return "cannot read or write " + (named ? "'" + ((FileSystemException) cause).getFile() + "'" : "a file") + ": "
                + reason;
    }
}
